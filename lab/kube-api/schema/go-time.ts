type Layout = 'Time' | 'MicroTime'

const layouts: Record<Layout, string> = {
  Time: '2006-01-02T15:04:05Z07:00',
  MicroTime: '2006-01-02T15:04:05.000000Z07:00',
}
type Part = readonly [layout: string, text: RegExp]

const parts: readonly Part[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d{2}/],
  ['-', /^-/],
  ['02', /^\d{2}/],
  ['T', /^T/],
  ['15', /^\d{2}/],
  [':', /^:/],
  ['04', /^\d{2}/],
  [':', /^:/],
  ['05', /^\d{2}/],
]
/** A Time may have any fraction of a second, a MicroTime has its six digits. */
const ends: Record<Layout, readonly Part[]> = {
  Time: [['Z07:00', /^(\.\d+)?(Z|[+-]\d{2}:\d{2})$/]],
  MicroTime: [
    ['.000000', /^\.\d{6}/],
    ['Z07:00', /^(Z|[+-]\d{2}:\d{2})$/],
  ],
}

/** Why Go does not take a text for a time, in its own words. */
export function timeProblem(text: string, own: Layout): string | undefined {
  const layout = layouts[own]
  let left = text
  for (const [part, pattern] of [...parts, ...ends[own]]) {
    const found = pattern.exec(left)
    if (!found) {
      const [shown, wanted] = [JSON.stringify(left), JSON.stringify(part)]
      return `parsing time ${JSON.stringify(text)} as ${JSON.stringify(layout)}: cannot parse ${shown} as ${wanted}`
    }
    left = left.slice(found[0].length)
  }
  return undefined
}
