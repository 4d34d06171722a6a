import { rootOf } from '@meridian/identity'
import { describePrice, totalCost } from '@meridian/inventory'
import { markdown } from '@meridian/runner'
import type { Thing } from '../ledger.ts'
import { renderThings } from '../summary.ts'
import { type Candidate, describeAge, describePlaces } from './candidate.ts'
import type { Choice } from './choose-due.ts'
import type { JudgedRecords } from './ownerless-records.ts'

const { code, escapeText, list, table } = markdown

/** All that a reaping is about. */
export type Facts = Choice & {
  readonly candidates: readonly Candidate[]
  readonly records: readonly JudgedRecords[]
  /** What would go with the environments, where a dry run has looked. */
  readonly things: readonly Thing[]
  /** How many environments, or names, belong to others. */
  readonly others: number
  readonly notices: readonly string[]
  readonly dryRun: boolean
  readonly problems: readonly string[]
}

/** The list of a reaping, done or only looked at. Pure. */
export function renderReaping(facts: Facts, now = Date.now()): string {
  const { candidates, records, things, chosen, others, notices, dryRun, problems } = facts
  const verb = dryRun ? 'would go' : problems.length > 0 ? 'were to go' : 'are gone'
  const headline = `${chosen.length} of ${candidates.length} environments ${verb}`
  const outcome = problems.length > 0 ? 'failed' : chosen.length === 0 ? 'same' : dryRun ? 'planned' : 'done'
  return markdown.report({
    outcome,
    title: `Reaping: ${headline}`,
    line: chosen.length === 0 ? '' : `They cost ${describePrice(totalCost(chosen))}.`,
    body: [
      list('What went wrong', problems.map(escapeText)),
      candidates.length > 0 ? renderCandidates(facts, now) : '',
      things.length > 0 ? `**With them**\n\n${renderThings(things)}` : '',
      records.length > 0 ? `**Records without an environment**\n\n${renderRecords(records)}` : '',
      others > 0 ? `${others} more belong to other owners, and are not looked at.` : '',
      list('What stays', notices.map(escapeText)),
    ],
    next: dryRun && chosen.length > 0 ? `a run without ${code('dry-run')} does it.` : undefined,
  })
}

function renderCandidates({ candidates, later, tooLarge }: Facts, now: number): string {
  const fate = (candidate: Candidate) => {
    if (!candidate.verdict.due) return 'stays'
    if (tooLarge.includes(candidate)) return '⚠️ more than max-clusters'
    return later.includes(candidate) ? 'next run' : '🗑️ goes'
  }
  return table(
    ['Environment', 'Owner', 'Clusters', 'Age', 'Price', 'Fate', 'Why'],
    candidates.map(candidate => [
      code(rootOf(candidate.environment.identity)),
      escapeText(candidate.environment.identity.repository.name),
      escapeText(describePlaces(candidate.environment, ({ name, region }) => `${name} (${region})`)),
      describeAge(candidate.environment, now),
      describePrice(candidate.hourlyCost),
      fate(candidate),
      escapeText(candidate.verdict.reason),
    ]),
  )
}

function renderRecords(records: readonly JudgedRecords[]): string {
  return table(
    ['Name', 'Environment', 'Owner', 'Fate', 'Why'],
    records.map(({ fqdn, identity, verdict }) => [
      code(fqdn),
      code(rootOf(identity)),
      escapeText(identity.repository.name),
      verdict.due ? '🗑️ goes' : 'stays',
      escapeText(verdict.reason),
    ]),
  )
}
