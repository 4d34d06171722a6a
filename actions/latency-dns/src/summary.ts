import {
  type CityAnswer,
  describeRecordSet,
  displayName,
  type LatencyRecord,
  type Plan,
  type PlanRow,
  targetOf,
  type Verification,
} from '@meridian/dns'
import { markdown } from '@meridian/runner'
import type { Inputs } from './inputs.ts'
import type { Page } from './pages/fetch-pages.ts'

const { code, details, escapeText, fence, table } = markdown

const signs = { create: '🟢 create', replace: '🟡 replace', delete: '🔴 delete', keep: '⚪ keep' }

/** The plan as a table of what is there and what will be. */
export function renderPlan(
  inputs: Pick<Inputs, 'fqdn' | 'mode' | 'dryRun'> & { who: string },
  plan: Plan,
): string {
  const title = `### ${escapeText(displayName(inputs.fqdn))}: ${headline(inputs, plan)}\n\n`
  if (plan.rows.length === 0) return `${title}There is nothing at this name.\n`
  const rows = plan.rows.map(row => [
    signs[row.action],
    subjectOf(row),
    describe(row.before),
    describe(row.after),
  ])
  const reason =
    plan.kind === 'refuse' ? `\n> ${escapeText(plan.message)}\n> **${escapeText(plan.fix)}**\n` : ''
  return `${title}${table(['', 'record', 'before', 'after'], rows)}${reason}`
}

/** The records as they are now, with the place of each region, and the regions that are out. */
export function renderRecords(
  plan: Plan,
  placeOf: (region: string) => string,
  out: readonly string[] = [],
): string {
  const absent = out.map(region => `${code(region)} ${escapeText(placeOf(region))}`.trim()).join(', ')
  const missing = absent === '' ? '' : `\n> Taken out, until it is brought back: ${absent}\n`
  const records = plan.rows.flatMap(row => (row.after && row.record === 'latency' ? [row.after] : []))
  if (records.length === 0) return 'The name has no latency records of ours.\n'
  const checked = records.some(({ HealthCheckId }) => HealthCheckId !== undefined)
  const rows = records.map(set => [
    code(set.Region ?? ''),
    escapeText(placeOf(set.Region ?? '')),
    `${set.Type}${set.AliasTarget ? ' alias' : ` ${set.TTL} s`}`,
    code(targetOf(set)),
    ...(checked ? [set.HealthCheckId ? code(set.HealthCheckId) : ''] : []),
  ])
  const headers = ['region', 'place', 'type', 'target', ...(checked ? ['health check'] : [])]
  return `\n${table(headers, rows)}${missing}`
}

/** City by city: what was answered, by whom, what is nearest; and the same as a picture. */
export function renderVerification(
  fqdn: string,
  { cities, ...asked }: Verification,
  records: readonly LatencyRecord[],
): string {
  const fit = cities.filter(city => city.ok).length
  const title = `\n#### ${fit} of ${cities.length} cities are answered with their nearest region\n\n`
  const rows = cities.map(city => [
    city.ok ? '✅' : '⚠️',
    escapeText(city.city),
    city.problem ? escapeText(city.problem) : code(city.region ?? ''),
    city.provenBy ?? '',
    code(city.expected),
    city.target ? code(city.target) : '',
  ])
  const headers = ['', 'city', 'answer', 'proven by', 'nearest', 'target']
  const all = table(headers, rows)
  const shown = fit === cities.length ? details('City by city', all) : all
  return `${title}${drawRoutes(fqdn, cities)}\n${tellAsked(asked, records)}${shown}`
}

/** Who was asked, who was not and why, and how an alias's answers are read. */
function tellAsked(asked: Omit<Verification, 'cities'>, records: readonly LatencyRecord[]): string {
  const { notAllowed, servers, unreachable, distrusted } = asked
  const sentences = [
    notAllowed && `Route 53's API was not asked: ${escapeText(notAllowed)}.`,
    servers.length > 0 && `Asked directly: ${servers.map(code).join(', ')}.`,
    unreachable.length > 0 && `Not reached: ${escapeText(unreachable.join(', '))}.`,
    distrusted.length > 0 &&
      `Answers that are not for the client's network alone prove nothing of its city, and were left out: of ${distrusted.map(code).join(', ')}.`,
    records[0]?.kind === 'alias' &&
      'An alias is answered with addresses: whose they are is told by the answer in the city next to each region.',
  ].filter(Boolean)
  return sentences.length > 0 ? `${sentences.join(' ')}\n\n` : ''
}

/** How each region's load balancer has answered for the name. */
export function renderPages(pages: readonly Page[]): string {
  const served = pages.filter(({ ok }) => ok).length
  const rows = pages.map(({ ok, region, url, status, milliseconds, hostname, problem }) => [
    ok ? '✅' : '⚠️',
    code(region),
    code(url),
    ok ? String(status) : escapeText(problem ?? ''),
    `${milliseconds} ms`,
    code(hostname),
  ])
  const title = `\n#### ${served} of ${pages.length} regions serve the page\n\n`
  return `${title}${table(['', 'region', 'page', 'status', 'time', 'through'], rows)}`
}

/** A mermaid picture: the name, its regions, and which cities each of them serves; dashed where another is nearer. */
export function drawRoutes(fqdn: string, cities: readonly CityAnswer[]): string {
  const regions = [...new Set(cities.map(({ region = 'no region' }) => region))]
  const lines = regions.flatMap((region, at) => {
    const served = cities.filter(city => (city.region ?? 'no region') === region)
    const node = (id: string, edge: string, some: readonly CityAnswer[]) =>
      some.length > 0
        ? [`  r${at} ${edge} ${id}${at}["${some.map(({ city }) => plain(city)).join(', ')}"]`]
        : []
    return [
      `  name --> r${at}["${plain(region)}"]`,
      ...node(
        'c',
        '-->',
        served.filter(city => city.ok),
      ),
      ...node(
        'x',
        '-. not as expected .->',
        served.filter(city => !city.ok),
      ),
    ]
  })
  return fence(['flowchart LR', `  name(["${plain(fqdn)}"])`, ...lines].join('\n'), 'mermaid')
}

function headline(
  { mode, dryRun, who }: Pick<Inputs, 'mode' | 'dryRun'> & { who: string },
  plan: Plan,
): string {
  if (plan.kind === 'refuse') return 'refused'
  if (plan.kind === 'nothing') return 'nothing to do'
  const verb = mode === 'destroy' ? 'removal' : 'change'
  return `${mode === 'plan' || dryRun ? `planned ${verb}` : verb} for ${escapeText(who)}`
}

function subjectOf(row: PlanRow): string {
  if (row.record === 'protection') return `protection of ${code(row.subject)}`
  return row.record === 'owner' ? 'owner mark' : code(row.subject)
}

function describe(set: PlanRow['before']): string {
  return set === undefined ? '' : code(describeRecordSet(set))
}

/** Mermaid reads quotes, semicolons and hashes; none of them belongs into a name. */
function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N} .:_-]/gu, ' ')
}
