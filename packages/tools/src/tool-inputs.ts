import { optional, type Parser, path, required } from '@meridian/runner'

/** A tool's version without the leading `v`. */
export const toolVersion: Parser<string> = raw => {
  if (!/^v?\d{1,3}\.\d{1,3}\.\d{1,3}(-[0-9A-Za-z.]{1,32})?$/.test(raw)) {
    throw new Error("must be a version such as '1.36.2'")
  }
  return raw.replace(/^v/, '')
}

/** The inputs of an action that runs kops, to be spread into `defineInputs`. */
export const kopsInputs = { 'kops-version': required(toolVersion), 'kops-path': optional(path) }

/** The inputs of an action that runs karmadactl, which has Karmada's own version. */
export const karmadaInputs = { 'karmada-version': required(toolVersion), 'karmadactl-path': optional(path) }
