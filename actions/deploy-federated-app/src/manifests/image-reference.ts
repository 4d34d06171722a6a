/**
 * The grammar of github.com/distribution/reference 0.6, by which Kubernetes' runtimes read images:
 * `[host[:port]/]path[:tag][@digest]`, with capitals in hosts and tags alone.
 */
const hostLabel = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?'
const host = `(?:${hostLabel}(?:\\.${hostLabel})*|\\[[a-fA-F0-9:]+\\])(?::\\d+)?`
const part = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const name = `(?:${host}/)?${part}(?:/${part})*`
const digest = 'sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}'
const reference = new RegExp(`^(${name})(?::\\w[\\w.-]{0,127})?(?:@(?:${digest}))?$`)
const longestName = 255

/**
 * Whether a container's image may be one: what a step should have filled in (`$IMAGE`, `<image>`) no machine can pull, nor a
 * digest that has lost its name (`sha256:…`), which reads as an image called sha256.
 */
export function isImage(text: string): boolean {
  const [, found = ''] = reference.exec(text) ?? []
  const lost = /^(sha(256|384|512)|[0-9a-f]{64})$/.test(found)
  return found !== '' && found.length <= longestName && !lost
}

/** The name of an image without tag and digest: `ghcr.io/me/web` of `ghcr.io/me/web:1.2@sha256:…`. */
export function imageName(text: string): string {
  return text.replace(/@.*$/, '').replace(/:[^:/]*$/, '')
}

/** Whether a text is the name of an image and no more: without tag and digest. */
export const isPlainName = (text: string) => imageName(text) === text
