import { list, type Parser } from '@meridian/runner'
import { isImage, isPlainName } from './image-reference.ts'

/** `name` is replaced by `reference` wherever a container has an image of that name. */
export type ImageSubstitution = { name: string; reference: string }

const one: Parser<ImageSubstitution> = raw => {
  const [name = '', reference = '', ...rest] = raw.split('=')
  if (rest.length > 0 || !isImage(name) || !isImage(reference))
    throw new Error("must be lines such as 'web=ghcr.io/me/web:1.2.3' or 'web=ghcr.io/me/web@sha256:…'")
  if (!isPlainName(name))
    throw new Error(
      'must name the image without tag and digest before the =, as all of its tags are replaced',
    )
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
