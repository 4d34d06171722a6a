import {
  type CityAnswer,
  describeRecordSet,
  displayName,
  type LatencyRecord,
  type Plan,
  type PlanRow,
  type Verification,
} from '@meridian/dns'
import { markdown } from '@meridian/runner'
import type { Inputs } from './inputs.ts'
import type { Page } from './pages/fetch-pages.ts'

const { code, details, escapeText, fence, table } = markdown

const signs = { create: '🟢 create', replace: '🟡 replace', delete: '🔴 delete', keep: '⚪ keep' }

/** The plan, record by record: what is there, with the place of each region, and what will be. */
export function renderPlan(
  inputs: Pick<Inputs, 'fqdn' | 'mode' | 'dryRun'> & { who: string },
  plan: Plan,
  placeOf: (region: string) => string = () => '',
): string {
  const rows = plan.rows.map(row => [
    signs[row.action],
    subjectOf(row),
    escapeText(row.record === 'latency' ? placeOf(row.subject) : ''),
    describe(row),
  ])
  const only = inputs.mode === 'plan' || inputs.dryRun
  return markdown.report({
    outcome: outcomeOf(plan, only),
    title: escapeText(displayName(inputs.fqdn)),
    line: `${headline(inputs, plan)}.`,
    body: [
      plan.kind === 'refuse' ? `> ${escapeText(plan.message)}` : '',
      rows.length === 0
        ? 'There is nothing at this name.'
        : table(['Step', 'Record', 'Place', 'What it is'], rows),
    ],
    next: nextOf(plan, only),
  })
}

function outcomeOf(plan: Plan, only: boolean): markdown.Outcome {
  if (plan.kind === 'refuse') return 'failed'
  if (plan.kind === 'nothing') return 'same'
  return only ? 'planned' : 'changes'
}

function nextOf(plan: Plan, only: boolean): string | undefined {
  if (plan.kind === 'refuse') return escapeText(plan.fix)
  return only && plan.kind === 'change'
    ? `a run without ${code('dry-run')}, and in another mode than ${code('plan')}, does it.`
    : undefined
}

/** The regions that are out of the name; '' where there are none. */
export function renderOut(placeOf: (region: string) => string, out: readonly string[]): string {
  if (out.length === 0) return ''
  const absent = out.map(region => `${code(region)} ${escapeText(placeOf(region))}`.trim()).join(', ')
  return markdown.part({
    outcome: 'attention',
    title: `${markdown.count(out.length, 'region')} taken out`,
    line: `Nobody is led to ${absent}, until it is brought back.`,
  })
}

/** City by city: what was answered, by whom, what is nearest; and the same as a picture. */
export function renderVerification(
  fqdn: string,
  { cities, ...asked }: Verification,
  records: readonly LatencyRecord[],
): string {
  const fit = cities.filter(city => city.ok).length
  const rows = cities.map(city => [
    city.ok ? 'yes' : '⚠️ no',
    escapeText(city.city),
    city.problem ? escapeText(city.problem) : code(city.region ?? ''),
    code(city.expected),
    city.provenBy ?? '',
  ])
  const all = table(['As expected', 'City', 'Answer', 'Nearest', 'Proven by'], rows)
  const whole = fit === cities.length
  return markdown.part({
    outcome: whole ? 'done' : 'attention',
    title: `${fit} of ${cities.length} cities are answered with their nearest region`,
    line: tellAsked(asked, records),
    body: [drawRoutes(fqdn, cities), whole ? details('City by city', all) : all],
  })
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
  return sentences.join(' ')
}

/** How each region's load balancer has answered for the name. */
export function renderPages(pages: readonly Page[]): string {
  const served = pages.filter(({ ok }) => ok).length
  const urls = new Set(pages.map(({ url }) => url))
  const columns = ['Region', 'Status', 'Time', ...(urls.size > 1 ? ['Page'] : [])]
  const rows = pages.map(({ ok, region, url, status, milliseconds, problem }) => [
    code(region),
    ok ? String(status) : `⚠️ ${escapeText(problem ?? '')}`,
    `${milliseconds} ms`,
    ...(urls.size > 1 ? [code(url)] : []),
  ])
  return markdown.part({
    outcome: served === pages.length ? 'done' : 'attention',
    title: `${served} of ${pages.length} regions serve the page`,
    line: urls.size > 1 ? '' : `${[...urls].map(code).join('')}, through the load balancer of each region.`,
    body: [table(columns, rows)],
  })
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
  if (plan.kind === 'refuse') return 'Refused'
  if (plan.kind === 'nothing') return 'Nothing to do: it is as wanted'
  const [planned, now] = mode === 'destroy' ? ['Planned removal', 'Removal'] : ['Planned change', 'Change']
  return `${mode === 'plan' || dryRun ? planned : now} for ${escapeText(who)}`
}

function subjectOf(row: PlanRow): string {
  if (row.record === 'protection') return `protection of ${code(row.subject)}`
  return row.record === 'owner' ? 'owner mark' : code(row.subject)
}

/** What a record is, or was and will be: one below the other, so that names of load balancers fit. */
function describe({ action, before, after }: PlanRow): string {
  const [was, is] = [before, after].map(set => (set === undefined ? '' : inLines(describeRecordSet(set))))
  return action === 'replace' ? `${was}<br>→ ${is}` : is || was || ''
}

/** What fits into a line beside the other columns: GitHub breaks no line inside the name of a load balancer. */
const mostCharacters = 76

/** Code in lines that end after a comma or an arrow. */
function inLines(text: string): string {
  const lines: string[] = []
  for (const piece of text.split(/(?<=,|→ )/)) {
    const last = lines.at(-1)
    if (last === undefined || last.length + piece.length > mostCharacters) lines.push(piece)
    else lines[lines.length - 1] = last + piece
  }
  return lines.map(line => code(line.trimEnd())).join('<br>')
}

/** Mermaid reads quotes, semicolons and hashes; none of them belongs into a name. */
function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N} .:_-]/gu, ' ')
}
