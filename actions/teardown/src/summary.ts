import { describePrice, type Leak } from '@meridian/inventory'
import { markdown } from '@meridian/runner'
import type { Thing } from './ledger.ts'
import type { Survey } from './survey.ts'

const { code, escapeText, table } = markdown

/** What a survey found, as the things that a run would delete. Pure. */
export function listFound(survey: Survey, scope: ReadonlySet<string>): Thing[] {
  const clusters = survey.clusters.filter(
    ({ configured, orphans }) => (configured || orphans.length > 0) && scope.has('clusters'),
  )
  const buckets = survey.clusters.flatMap(({ bucket, neighbours }) =>
    bucket && neighbours.length === 0 && scope.has('state') ? [bucket] : [],
  )
  return [
    ...survey.records.map((id): Thing => ({ type: 'records', id })),
    ...clusters.map(
      ({ cluster }): Thing => ({ type: 'cluster', id: cluster.fullName, region: cluster.region }),
    ),
    ...buckets.map(({ name, region }): Thing => ({ type: 'state-bucket', id: name, region })),
  ]
}

export function renderPlan(things: readonly Thing[]): string {
  const title = '### Teardown: what would be deleted\n\n'
  if (things.length === 0) return `${title}Nothing was found.\n`
  return `${title}${renderThings(things)}\nWhat is inside the clusters goes with them.\n`
}

/** The end of a run: what is gone, and what is not. */
export function renderOutcome(
  environment: string,
  outcome: {
    gone: readonly Thing[]
    remaining: readonly Thing[]
    leaks: readonly Leak[]
    problems: readonly string[]
  },
): string {
  const { gone, remaining, leaks, problems } = outcome
  const clean = remaining.length === 0 && leaks.length === 0 && problems.length === 0
  const headline = clean ? (gone.length === 0 ? 'nothing was there' : 'nothing is left') : 'something is left'
  return [
    `### Teardown of ${code(environment)}: ${clean ? '✅' : '❌'} ${headline}\n\n`,
    gone.length > 0 ? `**Deleted**\n\n${renderThings(gone)}\n` : '',
    remaining.length > 0 ? `**Not deleted**\n\n${renderThings(remaining)}\n` : '',
    problems.length > 0
      ? `**What went wrong**\n\n${problems.map(one => `- ${escapeText(one)}`).join('\n')}\n\n`
      : '',
    leaks.length > 0 ? `**Left over**\n\n${renderLeaks(leaks)}\n` : '',
  ].join('')
}

function renderThings(things: readonly Thing[]): string {
  return table(
    ['what', 'name', 'region'],
    things.map(({ type, id, region }) => [type.replace('-', ' '), code(id), escapeText(region ?? '')]),
  )
}

function renderLeaks(leaks: readonly Leak[]): string {
  return table(
    ['type', 'id', 'region', 'price'],
    leaks.map(leak => [escapeText(leak.type), code(leak.id), leak.region, describePrice(leak.hourlyCost)]),
  )
}
