import { refuseRegion } from '@meridian/aws'
import { regionOfZone, zone } from '@meridian/identity'
import { cidr, list, type Parser, text } from '@meridian/runner'
import * as z from 'zod/mini'

const must =
  (pattern: RegExp, rule: string): Parser<string> =>
  raw => {
    if (!pattern.test(raw)) throw new Error(rule)
    return raw
  }

/** The letters that AWS gives to zones; which of them an account has is asked of AWS later. */
const letters = 'abcdef'

/** A zone of a region that exists. */
export const knownZone: Parser<string> = raw => {
  const name = zone(raw)
  const region = regionOfZone(name)
  const wrong = refuseRegion(region)
  if (wrong !== undefined) throw new Error(`is in '${region}', which ${wrong}`)
  if (!letters.includes(name.slice(-1))) {
    throw new Error(`is not a zone of ${region}: their letters are among ${[...letters].join(', ')}`)
  }
  return name
}

/** `t3.medium`, `m7g.xlarge`, `u-6tb1.metal`. */
export const instanceSize = must(
  /^[a-z][a-z0-9-]{0,14}\.[a-z0-9-]{2,14}$/,
  "must be an instance type such as 't3.medium'",
)

/** Instance types, the first first, between commas. */
export const instanceSizes: Parser<string> = raw => {
  const sizes = list(instanceSize)(raw)
  const twice = sizes.find((size, at) => sizes.indexOf(size) < at)
  if (twice !== undefined) throw new Error(`must not name an instance type twice, but names '${twice}' twice`)
  return sizes.join(',')
}

/** `arn:aws:iam::111122223333:policy/meridian-machines` */
export const policyArn = must(
  /^arn:aws:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,512}$/,
  "must be the ARN of a policy, such as 'arn:aws:iam::111122223333:policy/meridian-machines'",
)

/** The ARN of a key of KMS, or the id of a multi-Region one, which is the same wherever it is. */
export const kmsKey = must(
  /^(arn:aws:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})|mrk-[0-9a-f]{32})$/,
  "must be the ARN of a KMS key, such as 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', or the id of a multi-Region key ('mrk-…'), and no alias",
)

/** A full version: kops would take the newest of a minor one from a file that changes at any time. */
export const fullVersion: Parser<string> = raw =>
  must(/^v?\d{1,3}\.\d{1,3}\.\d{1,3}$/, "must be a full version such as '1.35.7'")(raw).replace(/^v/, '')

/** kops has an etcd member on each control plane, and needs a majority of them. */
export const oddCount: Parser<number> = raw => {
  if (!/^[1357]$/.test(raw)) throw new Error('must be 1, 3, 5 or 7')
  return Number(raw)
}

/**
 * One `key=value`. AWS allows more characters in tags, but kops hands them to cilium's operator as they are, and with any
 * other the nodes would never be ready.
 */
export const tag: Parser<readonly [string, string]> = raw => {
  const at = raw.indexOf('=')
  const [key, value] = [raw.slice(0, at).trim(), raw.slice(at + 1).trim()]
  const fits = /^[A-Za-z0-9_.:/@-]{1,128}$/.test(key) && /^[A-Za-z0-9_.:/@ -]{1,256}$/.test(value)
  if (at < 1 || !fits) {
    throw new Error(
      'must be key=value pairs of letters, digits and any of _ . : / @ -, with blanks only inside a value, which may not be empty',
    )
  }
  if (/^(aws:|meridian:|kubernetes\.io\/|k8s\.io\/|KubernetesCluster$|Name$)/i.test(key)) {
    throw new Error(`must not set '${key}', which AWS, kops or this action sets itself`)
  }
  return [key, value]
}

/** `none`, or networks. */
export const networksOrNone: Parser<string[]> = raw => (raw === 'none' ? [] : list(cidr)(raw))

/** As kops takes it: `ami-…`, `<owner>/<name>`, or `ssm:<parameter>`. */
export const image: Parser<string> = raw => {
  const fits = /^[A-Za-z0-9][\w./:@-]{1,254}$/.test(raw) && !raw.includes('://')
  if (!fits || (raw.startsWith('ami-') && !/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(raw)))
    throw new Error("must be the id of a machine image such as 'ami-0123456789abcdef0', or its owner/name")
  return raw
}

export const channel = must(
  /^(stable|alpha|none|https:\/\/[^\s,]{1,500}|file:\/\/\/[^\s,]{1,500})$/,
  "must be 'stable', 'alpha', 'none', or a https:// or file:/// URL",
)

const keyKind = /^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+@openssh\.com)$/

/** The path of a public key, or the key itself. */
export const publicKey: Parser<string> = raw => {
  if (/PRIVATE KEY/.test(raw)) throw new Error('must be a public key, not a private one')
  if (raw.startsWith('-')) throw new Error("must be a public key or a path that does not start with '-'")
  const [kind = '', key = ''] = raw.split(/\s+/)
  if (keyKind.test(kind) && !/^[A-Za-z0-9+/]{43,}={0,2}$/.test(key))
    throw new Error(`must be a whole public key: '${kind}', then its text in base64`)
  return text(raw)
}

/** Pairs for kops' `--set`. */
export const setPairs = z.array(
  z.string().check(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    z.regex(/^(cluster\.)?spec\.[A-Za-z0-9_.[\]*-]+=[^\u0000-\u001f]*$/, "must be 'spec.<field>=<value>'"),
  ),
  'must be a list of texts',
)
