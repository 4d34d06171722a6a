export type ImageReference = { registry: string; repository: string; tag: string; digest: string }

/** Splits `registry/repository:tag@digest`; a first part is a registry only if it looks like a host. */
export function parseImage(image: string): ImageReference {
  const [named = '', digest = ''] = image.split('@')
  const slash = named.indexOf('/')
  const host = slash > 0 ? named.slice(0, slash) : ''
  const registry = host.includes('.') || host.includes(':') || host === 'localhost' ? host : ''
  const rest = registry ? named.slice(registry.length + 1) : named
  const colon = rest.lastIndexOf(':')
  const repository = colon > 0 ? rest.slice(0, colon) : rest
  return { registry, repository, tag: colon > 0 ? rest.slice(colon + 1) : '', digest }
}

/** The inverse of parseImage. */
export function formatImage({ registry, repository, tag, digest }: ImageReference): string {
  const named = registry ? `${registry}/${repository}` : repository
  return `${named}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`
}
