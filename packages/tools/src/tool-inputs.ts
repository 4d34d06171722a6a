import { type InputsOf, optional, type Parser, path, required } from '@meridian/runner'
import type { ToolRequest } from './find-tool.ts'

/** A tool's version without the leading `v`; `example` is one of it. */
const toolVersion =
  (example: string): Parser<string> =>
  raw => {
    if (!/^v?\d{1,3}\.\d{1,3}\.\d{1,3}(-[0-9A-Za-z.]{1,32})?$/.test(raw)) {
      throw new Error(`must be a full version such as '${example}'`)
    }
    return raw.replace(/^v/, '')
  }

/** Plain http will do: what comes from there is known by its hash. */
const mirror: Parser<string> = raw => {
  if (!/^https?:\/\/[\w.:[\]-]+(\/[\w./~%+-]*)?$/.test(raw))
    throw new Error('must be a http(s) URL without query')
  return raw
}

const sha256: Parser<string> = raw => {
  if (!/^[0-9a-f]{64}$/i.test(raw)) throw new Error('must be the 64 hex digits of a sha256')
  return raw.toLowerCase()
}

/** The inputs of an action that runs kops, to be spread into `defineInputs`. */
export const kopsInputs = {
  'kops-version': required(toolVersion('1.36.2')),
  'kops-path': optional(path),
  'kops-url': optional(mirror),
  'kops-sha256': optional(sha256),
}

export type KopsInputs = InputsOf<typeof kopsInputs>

/** The inputs of an action that renders kustomizations. */
export const kubectlInputs = {
  'kubectl-path': optional(path),
  'kubectl-url': optional(mirror),
}

/** kubectl as kustomize is in it: the version that is pinned, or any on this machine that renders the same. */
export function kubectlRequest({ kubectlPath, kubectlUrl }: InputsOf<typeof kubectlInputs>): ToolRequest {
  return { name: 'kubectl', version: '1.35.7', since: '1.32', path: kubectlPath, url: kubectlUrl }
}

/** The kops that these inputs ask for. */
export function kopsRequest(
  inputs: Pick<KopsInputs, 'kopsVersion'> & Partial<KopsInputs>,
): Omit<ToolRequest, 'name'> {
  const { kopsVersion: version, kopsPath: path, kopsUrl: url, kopsSha256: sha256 } = inputs
  return { version, path, url, sha256 }
}

/** The inputs of an action that runs karmadactl, which has Karmada's own version. */
export const karmadaInputs = {
  'karmada-version': required(toolVersion('1.18.2')),
  'karmadactl-path': optional(path),
  'karmadactl-url': optional(mirror),
  'karmadactl-sha256': optional(sha256),
}

/** The karmadactl that these inputs ask for. */
export function karmadactlRequest(inputs: InputsOf<typeof karmadaInputs>): ToolRequest {
  const { karmadaVersion: version, karmadactlPath: path, karmadactlUrl: url, karmadactlSha256 } = inputs
  return { name: 'karmadactl', version, path, url, sha256: karmadactlSha256 }
}
