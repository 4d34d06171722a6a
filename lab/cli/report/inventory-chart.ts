import type { LabReport } from '../lab-report.ts'
import { type Html, html } from './html.ts'
import { ticks } from './timeline.ts'

type Point = { at: number; value: number }

const width = 1000
const height = 100

/** Two charts over the same seconds: how many things exist, and what they cost per hour. */
export function renderInventory({ inventory, seconds, peak }: LabReport): Html {
  const end = Math.max(seconds, 0.001)
  const counts = inventory.map(({ at, count }) => ({ at, value: count }))
  const costs = inventory.map(({ at, hourlyCost }) => ({ at, value: hourlyCost }))
  return html`${renderChart('Things that exist', counts, { end, most: peak.count, label: String(peak.count) })}
${renderChart('Dollars an hour', costs, { end, most: peak.hourlyCost, label: `$${peak.hourlyCost.toFixed(2)}` })}`
}

/** A stepped outline: a value holds until the next point. Exported for its test. */
export function stepPath(points: readonly Point[], end: number, most: number): string {
  const x = (at: number): string => ((Math.min(at, end) / end) * width).toFixed(1)
  const y = (value: number): string => (height - (value / Math.max(most, 1e-9)) * height).toFixed(1)
  const steps = points.map(({ at, value }) => `H${x(at)}V${y(value)}`)
  return `M0 ${height}${steps.join('')}H${width}`
}

function renderChart(
  title: string,
  points: readonly Point[],
  { end, most, label }: { end: number; most: number; label: string },
): Html {
  const line = stepPath(points, end, most)
  return html`<figure class="chart"><figcaption>${title}<span>most: ${label}</span></figcaption>
<svg viewBox="0 -2 ${width} ${height + 4}" preserveAspectRatio="none" role="img" aria-label="${title} over time">
<path class="area" d="${line}V${height}Z"/><path class="line-up" d="${line}"/></svg>
<div class="track axis">${ticks(end).map(at => html`<i style="left:${((100 * at) / end).toFixed(2)}%">${at} s</i>`)}</div></figure>`
}
