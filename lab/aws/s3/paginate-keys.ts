/** A page of keys, with those that share a prefix up to the delimiter folded into one. */
export type KeyPage<T> = { entries: T[]; prefixes: string[]; truncated: boolean; last?: T }

export type PageQuery = {
  prefix: string
  delimiter: string
  most: number
  /** Whether an entry comes after where the last page ended. */
  isAfter(key: string): boolean
}

/** Cuts sorted entries into a page; a folded prefix counts as one entry (ListObjectsV2, "CommonPrefixes"). */
export function paginateKeys<T extends { key: string }>(sorted: T[], query: PageQuery): KeyPage<T> {
  const page: KeyPage<T> = { entries: [], prefixes: [], truncated: false }
  for (const entry of sorted) {
    if (!entry.key.startsWith(query.prefix)) continue
    const folded = foldKey(entry.key, query)
    if (!query.isAfter(folded ?? entry.key)) continue
    if (folded !== undefined && page.prefixes.at(-1) === folded) {
      page.last = entry
      continue
    }
    if (page.entries.length + page.prefixes.length >= query.most) {
      page.truncated = true
      break
    }
    if (folded === undefined) page.entries.push(entry)
    else page.prefixes.push(folded)
    page.last = entry
  }
  return page
}

function foldKey(key: string, { prefix, delimiter }: PageQuery): string | undefined {
  if (delimiter === '') return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}
