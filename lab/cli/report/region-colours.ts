/** Distinguishable for colour-blind readers too, on light and on dark ground. */
const palette = ['#e69f00', '#2f8fd8', '#12a47b', '#cc79a7', '#d55e00', '#7a6ff0', '#8a9a2f', '#56b4e9']

/** One colour for each region, in the order given. */
export function regionColours(regions: readonly string[]): Map<string, string> {
  const distinct = [...new Set(regions)]
  return new Map(distinct.map((region, at) => [region, palette[at % palette.length] ?? 'currentColor']))
}
