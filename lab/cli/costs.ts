import type { ReportCost } from './lab-report.ts'
import type { Span } from './timing.ts'

/** Something that existed in a span of the story. */
export type Priced = Span & { type: string; hourlyCost: number }

/** What each type of priced thing has cost, the dearest first. `real` gives the real seconds of a span. */
export function costsOf(things: readonly Priced[], real: (span: Span) => number): ReportCost[] {
  const priced = things.filter(({ hourlyCost }) => hourlyCost > 0)
  const types = [...new Set(priced.map(({ type }) => type))]
  return types
    .map(type =>
      costOf(
        type,
        priced.filter(thing => thing.type === type),
        real,
      ),
    )
    .toSorted((a, b) => b.cost - a.cost)
}

function costOf(type: string, things: readonly Priced[], real: (span: Span) => number): ReportCost {
  // The most at a time is reached when one of them comes.
  const together = things.map(({ from }) => things.filter(other => other.from <= from && from < other.to))
  const sum = (some: readonly Priced[]) => some.reduce((total, { hourlyCost }) => total + hourlyCost, 0)
  return {
    type,
    count: Math.max(...together.map(some => some.length)),
    hourlyCost: Math.max(...together.map(sum)),
    cost: things.reduce((total, thing) => total + (thing.hourlyCost * real(thing)) / 3600, 0),
  }
}
