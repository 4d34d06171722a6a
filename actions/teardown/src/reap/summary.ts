import { describePrice } from '@meridian/inventory'
import { formatDuration, markdown } from '@meridian/runner'
import { describeIdentity, type Environment } from './environment.ts'
import { bornAt, type Verdict } from './judge-environment.ts'
import type { OrphanGroup } from './orphan-records.ts'

const { code, escapeText, table } = markdown

/** An environment, what is to become of it, and what it costs as long as it lives. */
export type Candidate = {
  readonly environment: Environment
  readonly verdict: Verdict
  /** USD. */
  readonly hourlyCost: number
}

/** `pr-42.k8s.example.com (usa, eur; 3h old; $0.2100 per hour) goes: it expired 1h ago`. Pure. */
export function describeCandidate(candidate: Candidate, now = Date.now()): string {
  const { environment, verdict, hourlyCost } = candidate
  const names = environment.clusters.map(({ name }) => name).join(', ')
  const facts = `${names}; ${describeAge(environment, now)} old; ${describePrice(hourlyCost)}`
  return `${describeIdentity(environment.identity)} (${facts}) ${verdict.due ? 'goes' : 'stays'}: ${verdict.reason}`
}

function describeAge(environment: Environment, now: number): string {
  const birth = bornAt(environment)
  return birth === undefined ? 'unknown' : formatDuration(Math.max(0, now - birth))
}

/** The list of a reaping, done or only looked at. */
export function renderReaping(
  facts: {
    candidates: readonly Candidate[]
    orphans: readonly OrphanGroup[]
    dryRun: boolean
    problems: readonly string[]
  },
  now = Date.now(),
): string {
  const { candidates, orphans, dryRun, problems } = facts
  const due = candidates.filter(({ verdict }) => verdict.due)
  const saved = due.reduce((sum, { hourlyCost }) => sum + hourlyCost, 0)
  const verb = dryRun ? 'would go' : problems.length > 0 ? 'were to go' : 'are gone'
  const headline = `${due.length} of ${candidates.length} environments ${verb}`
  return [
    `### Reaping: ${problems.length > 0 ? '❌ ' : ''}${headline} (${describePrice(saved)})\n\n`,
    candidates.length > 0 ? `${renderCandidates(candidates, now)}\n` : '',
    orphans.length > 0
      ? `**Records that lead nowhere**\n\n${table(
          ['name', 'owner'],
          orphans.map(({ fqdn, owner }) => [code(fqdn), code(owner)]),
        )}\n`
      : '',
    problems.length > 0
      ? `**What went wrong**\n\n${problems.map(one => `- ${escapeText(one)}`).join('\n')}\n\n`
      : '',
  ].join('')
}

function renderCandidates(candidates: readonly Candidate[], now: number): string {
  return table(
    ['environment', 'clusters', 'age', 'price', '', 'why'],
    candidates.map(({ environment, verdict, hourlyCost }) => [
      code(describeIdentity(environment.identity)),
      escapeText(environment.clusters.map(({ name, region }) => `${name} (${region})`).join(', ')),
      describeAge(environment, now),
      describePrice(hourlyCost),
      verdict.due ? '🗑️ goes' : 'stays',
      escapeText(verdict.reason),
    ]),
  )
}
