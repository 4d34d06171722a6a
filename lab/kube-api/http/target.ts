/** What a path addresses: a resource of the API, or a page of its own such as `/version`. */
export type Target =
  | { type: 'page'; path: string }
  | {
      type: 'resource'
      group: string
      version: string
      plural: string
      namespace?: string
      name?: string
      subresource?: string
      /** The path is of the old kind that only watches. */
      watch?: true
      /** What follows `proxy` in the path, as it was sent. */
      rest?: string
    }
export type ResourceTarget = Extract<Target, { type: 'resource' }>

const ofNamespaceItself = new Set(['status', 'finalize'])

/** Reads `/api/v1/…` and `/apis/<group>/<version>/…`; anything else is a page. */
export function parseTarget(path: string): Target {
  const segments = path.split('/').filter(Boolean).map(decodeURIComponent)
  const page: Target = { type: 'page', path: `/${segments.join('/')}` }
  const core = segments[0] === 'api'
  if (!core && segments[0] !== 'apis') return page
  const [group = '', version, ...after] = core ? ['', ...segments.slice(1)] : segments.slice(1)
  const watch = after[0] === 'watch' && after.length > 1
  const rest = watch ? after.slice(1) : after
  if (version === undefined || rest.length === 0) return page
  const [first = '', second, third = ''] = rest
  const nested = first === 'namespaces' && rest.length > 2 && !ofNamespaceItself.has(third)
  const [plural = '', name, subresource] = nested ? rest.slice(2) : rest
  return {
    type: 'resource',
    group,
    version,
    plural,
    ...(watch ? { watch } : {}),
    ...(nested && second !== undefined ? { namespace: second } : {}),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
    ...(subresource === 'proxy'
      ? { rest: restOf(path, segments.length - rest.length + (nested ? 5 : 3)) }
      : {}),
  }
}

/** What follows so many segments of a path. */
function restOf(path: string, segments: number): string {
  return path
    .split(/(?<=[^/])(?=\/)/)
    .slice(segments)
    .join('')
}
