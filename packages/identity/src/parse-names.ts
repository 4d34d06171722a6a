import { label, type Parser } from '@meridian/runner'
import { noEnvironment } from './identity.ts'

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

const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** A DNS name of at least two labels, lower-cased, without the final dot. */
export const domain: Parser<string> = raw => {
  const name = raw.toLowerCase().replace(/\.$/, '')
  const labels = name.split('.')
  if (name.length > 253 || labels.length < 2 || !labels.every(part => dnsLabel.test(part))) {
    throw new Error("must be a domain such as 'k8s.example.com'")
  }
  return name
}

/** An availability zone such as `us-east-1a`. */
export const zone: Parser<string> = raw => {
  if (!/^[a-z]{2,3}(-[a-z]+)+-\d[a-z]$/.test(raw))
    throw new Error("must be an availability zone such as 'us-east-1a'")
  return raw
}

/** A region such as `us-east-1`. */
export const region: Parser<string> = raw => {
  if (!/^[a-z]{2,3}(-[a-z]+)+-\d$/.test(raw)) throw new Error("must be a region such as 'us-east-1'")
  return raw
}

/** The region of an availability zone. */
export function regionOfZone(availabilityZone: string): string {
  return availabilityZone.replace(/[a-z]$/, '')
}
