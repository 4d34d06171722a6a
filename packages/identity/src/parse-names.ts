import { label, type Parser } from '@meridian/runner'
import { noEnvironment } from './identity.ts'
import { parseHostname } from './parse-hostname.ts'

/** A cluster's alias is its context and the first label of its name: RFC 1123, at most 15 characters. */
export const alias: Parser<string> = label(15)

const environmentLabel = label(20)

/** RFC 1123, at most 20 characters, and not the word by which marks call the environment that has no name. */
export const environmentName: Parser<string> = raw => {
  if (raw === noEnvironment)
    throw new Error(
      `must not be '${noEnvironment}', which stands for no environment: choose another, or put it before the domain instead`,
    )
  return environmentLabel(raw)
}

/** What EKS calls a cluster: letters, digits, `-` and `_`, at most 100. */
export const eksName: Parser<string> = raw => {
  if (!/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/.test(raw))
    throw new Error("must be the name of an EKS cluster, such as 'prod' (not its ARN)")
  return raw
}

/** What kind calls a cluster: small letters, digits, `.` and `-`, as kind itself has it. */
export const kindName: Parser<string> = raw => {
  if (!/^[a-z0-9][a-z0-9.-]{0,49}$/.test(raw))
    throw new Error("must be the name of a kind cluster, such as 'usa' (not its context, kind-usa)")
  return raw
}

/** A DNS name of at least two labels, lower-cased; an international one becomes punycode. */
export const domain: Parser<string> = raw => {
  refuseFinalDot(raw)
  const labels = labelsOf(raw)
  if (labels.length < 2) throw new Error("must be a domain such as 'k8s.example.com'")
  if (/^\d+$/.test(labels.at(-1) ?? ''))
    throw new Error("must be a domain such as 'k8s.example.com', and no address")
  return labels.join('.')
}

function labelsOf(raw: string): string[] {
  try {
    return parseHostname(raw).split('.')
  } catch (error) {
    throw new Error(`${(error as Error).message}. It must be a domain such as 'k8s.example.com'`)
  }
}

/** With and without the dot are one name, but two texts: workflows keep runs of one environment apart by the text. */
export function refuseFinalDot(raw: string): void {
  if (/[^.]\.$/.test(raw)) throw new Error(`must be without the final dot: '${raw.slice(0, -1)}'`)
}

/** Partitions of AWS whose accounts, IAM and DNS are apart from those of `aws`, by what their regions begin with. */
const otherPartitions: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, 'aws-cn (China)'],
  [/^us-gov-/, 'aws-us-gov (GovCloud)'],
  [/^eusc-/, 'aws-eusc (European Sovereign Cloud)'],
  [/^[a-z]{2}-iso[a-z]?-/, 'one of the isolated partitions'],
]

function refuseOtherPartitions(place: string): void {
  const [, partition] = otherPartitions.find(([begin]) => begin.test(place)) ?? []
  if (partition !== undefined)
    throw new Error(
      `is in AWS's partition ${partition}, whose accounts and DNS are apart: name regions of the partition aws, such as us-east-1`,
    )
}

/** An availability zone such as `us-east-1a`. */
export const zone: Parser<string> = raw => {
  if (!/^[a-z]{2,4}(-[a-z]+)+-\d[a-z]$/.test(raw))
    throw new Error("must be an availability zone such as 'us-east-1a'")
  refuseOtherPartitions(raw)
  return raw
}

/** A region such as `us-east-1`. */
export const region: Parser<string> = raw => {
  if (!/^[a-z]{2,4}(-[a-z]+)+-\d$/.test(raw)) throw new Error("must be a region such as 'us-east-1'")
  refuseOtherPartitions(raw)
  return raw
}

/** The region of an availability zone. */
export function regionOfZone(availabilityZone: string): string {
  return availabilityZone.replace(/[a-z]$/, '')
}
