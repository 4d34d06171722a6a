import { rootOf } from '@meridian/identity'
import { describePrice, totalCost } from '@meridian/inventory'
import { markdown } from '@meridian/runner'
import type { Thing } from '../ledger.ts'
import { renderThings } from '../summary.ts'
import { type Candidate, describeAge, describePlaces } from './candidate.ts'
import type { Choice } from './choose-due.ts'
import type { JudgedRecords } from './ownerless-records.ts'

const { code, escapeText, table } = markdown

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
  const saved = totalCost(chosen)
  return [
    `### Reaping: ${problems.length > 0 ? '❌ ' : ''}${headline} (${describePrice(saved)})\n\n`,
    candidates.length > 0 ? `${renderCandidates(facts, now)}\n` : '',
    things.length > 0 ? `**With them**\n\n${renderThings(things)}\n` : '',
    records.length > 0 ? `**Records without an environment**\n\n${renderRecords(records)}\n` : '',
    others > 0 ? `${others} more belong to other owners, and are not looked at.\n\n` : '',
    renderList('**What stays**', notices),
    renderList('**What went wrong**', problems),
  ].join('')
}

function renderList(title: string, sentences: readonly string[]): string {
  if (sentences.length === 0) return ''
  return `${title}\n\n${sentences.map(one => `- ${escapeText(one)}`).join('\n')}\n\n`
}

function renderCandidates({ candidates, later, tooLarge }: Facts, now: number): string {
  const fate = (candidate: Candidate) => {
    if (!candidate.verdict.due) return 'stays'
    if (tooLarge.includes(candidate)) return '⚠️ more than max-clusters'
    return later.includes(candidate) ? 'next run' : '🗑️ goes'
  }
  return table(
    ['environment', 'owner', 'clusters', 'age', 'price', '', 'why'],
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
    ['name', 'environment', 'owner', '', 'why'],
    records.map(({ fqdn, identity, verdict }) => [
      code(fqdn),
      code(rootOf(identity)),
      escapeText(identity.repository.name),
      verdict.due ? '🗑️ goes' : 'stays',
      escapeText(verdict.reason),
    ]),
  )
}
