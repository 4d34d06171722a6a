import type { GithubRequest } from './read-request.ts'

const most = 100
const listKeys: Partial<Record<GithubRequest['operation'], string>> = {
  'repos/get-all-environments': 'environments',
}

/** One page of a list, with the links to the others; anything else as it is. */
export function paginate(
  found: object | undefined,
  { operation, query }: Pick<GithubRequest, 'operation' | 'query'>,
  url: URL,
): { body: object | undefined; headers: Record<string, string> } {
  if (!Array.isArray(found)) return { body: found, headers: {} }
  const size = Math.min(most, Math.max(1, Number(query.per_page ?? 30)))
  const page = Math.max(1, Number(query.page ?? 1))
  const last = Math.max(1, Math.ceil(found.length / size))
  const entries = found.slice((page - 1) * size, page * size)
  const key = listKeys[operation]
  const links = [
    ...(page > 1 ? [link(url, page - 1, 'prev'), link(url, 1, 'first')] : []),
    ...(page < last ? [link(url, page + 1, 'next'), link(url, last, 'last')] : []),
  ]
  return {
    body: key === undefined ? entries : { total_count: found.length, [key]: entries },
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  }
}

function link(url: URL, page: number, relation: string): string {
  const other = new URL(url)
  other.searchParams.set('page', String(page))
  return `<${other}>; rel="${relation}"`
}
