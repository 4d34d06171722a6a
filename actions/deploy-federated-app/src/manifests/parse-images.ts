import { list, type Parser } from '@meridian/runner'

/** `name` is replaced by `reference` wherever a container has an image of that name. */
export type ImageSubstitution = { name: string; reference: string }

const nameShape = /^[a-z0-9]([a-z0-9._:/-]*[a-z0-9])?$/
const referenceShape = /^[a-z0-9][a-z0-9._:/-]*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/

const one: Parser<ImageSubstitution> = raw => {
  const [name = '', reference = '', ...rest] = raw.split('=')
  if (rest.length > 0 || !nameShape.test(name) || !referenceShape.test(reference))
    throw new Error("must be lines such as 'web=ghcr.io/me/web:1.2.3'")
  return { name, reference }
}

/** Lines of `name=reference`; a name may be given once only. */
export const images: Parser<ImageSubstitution[]> = raw => {
  const given = list(one)(raw)
  const names = given.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) < at)
  if (twice !== undefined) throw new Error(`must name each image once, but names '${twice}' twice`)
  return given
}

/**
 * Whether a container's image may be one: what a step should have filled in (`$IMAGE`, `<image>`) no machine can pull.
 * Hosts may have capitals, names not.
 */
export function isImage(reference: string): boolean {
  return /^([A-Za-z0-9.-]+(:\d+)?\/)?[a-z0-9][a-z0-9._/-]*(:\w[\w.-]{0,127})?(@[a-z0-9]+:[0-9a-f]+)?$/.test(
    reference,
  )
}

/** The name of an image without tag and digest: `ghcr.io/me/web` of `ghcr.io/me/web:1.2@sha256:…`. */
export function imageName(reference: string): string {
  return reference.replace(/@.*$/, '').replace(/:[^:/]*$/, '')
}
