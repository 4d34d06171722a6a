import { hourlyPrice } from '@meridian/inventory'
import { markdown } from '@meridian/runner'
import type { Inputs, State } from './inputs.ts'
import { type Marker, writeMarker } from './marker.ts'

const { code, details, escapeText, table } = markdown

/** What a comment tells beside what its marker says. */
export type Told = Pick<
  Inputs,
  'reason' | 'url' | 'endpoints' | 'replicas' | 'clusterCost' | 'expiresAt' | 'label' | 'commands' | 'drafts'
> & {
  readonly environment: string
  /** URL of the run. */
  readonly run: string
}

const headlines: Record<State, [outcome: markdown.Outcome, words: string]> = {
  building: ['changes', 'is being built'],
  updating: ['changes', 'is being updated'],
  ready: ['done', 'is ready'],
  failed: ['failed', 'could not be made'],
  removing: ['changes', 'is being removed'],
  stuck: ['failed', 'could not be removed whole'],
  gone: ['same', 'is removed'],
  refused: ['attention', 'is not made'],
}

/** The comment on a pull request: the summary, below a mark by which later runs find it. Pure. */
export function renderComment(marker: Marker, told: Told): string {
  return `${writeMarker(marker)}\n\n${renderSummary(marker, told)}`
}

/** What is true of an environment, and what can be done about it. Pure. */
export function renderSummary(marker: Pick<Marker, 'state' | 'commit'>, told: Told): string {
  const [outcome, words] = headlines[marker.state]
  return markdown.report({
    outcome,
    title: `${code(told.environment)} ${words}`,
    line: told.reason === undefined ? '' : `${capital(quiet(told.reason))}.`,
    ...bodyOf(marker, told),
  })
}

function bodyOf(
  marker: Pick<Marker, 'state' | 'commit'>,
  told: Told,
): Pick<markdown.Report, 'body' | 'next'> {
  const facts = factsOf(marker, told)
  switch (marker.state) {
    case 'building':
      return { body: [facts, 'This changes when it is ready.'] }
    case 'updating':
      return { body: [facts, 'What was there before answers until then.'] }
    case 'ready':
      return { body: [renderUrl(told.url), renderRegions(told), facts, renderRemoval(told)] }
    case 'failed':
      return {
        body: [
          facts,
          'What was made until then may cost money: it goes with the environment.',
          renderRemoval(told),
        ],
        next: `The run says what to do. ${again(told)}`,
      }
    case 'removing':
      return { body: [facts, 'Its name leads nowhere any more. This changes when nothing is left.'] }
    case 'stuck':
      return {
        body: [facts, 'The run says what is left and what it costs.'],
        next: 'Run the job again; the reaper tries it too.',
      }
    case 'gone':
      return { body: [facts, 'Nothing of it is left.'], next: back(told) }
    case 'refused':
      return { body: [facts] }
  }
}

// Only what the input `url` allows gets here: no mark of Markdown is in it.
const renderUrl = (url: string | undefined): string =>
  url === undefined ? '' : `**<${url}>** leads every user to the nearest region.`

function renderRegions({ endpoints = [], replicas = {} }: Told): string {
  if (endpoints.length === 0) return ''
  const rows = endpoints.map(({ cluster, region, hostname }) => [
    code(region),
    code(cluster),
    replicas[cluster] === undefined ? '' : String(replicas[cluster]),
    code(hostname),
  ])
  return table(['Region', 'Cluster', 'Pods', 'Load balancer'], rows).trimEnd()
}

function factsOf({ commit, state }: Pick<Marker, 'state' | 'commit'>, told: Told): string {
  const cost = state === 'ready' ? costOf(told) : undefined
  const facts = [
    commit && `Commit ${code(commit.slice(0, 7))}`,
    cost !== undefined && `about $${cost.toFixed(2)} an hour`,
    state === 'ready' &&
      told.expiresAt !== undefined &&
      `stays until ${formatTime(told.expiresAt)}, each push puts that off`,
    told.run !== '' && `[what the run said](${told.run})`,
  ]
  return facts.filter(fact => fact !== undefined && fact !== false).join(' · ')
}

/** USD an hour, of the app's load balancers with an address each and of clusters of its own; undefined where a price is not known. */
export function costOf({
  clusterCost = 0,
  endpoints = [],
}: Pick<Told, 'clusterCost' | 'endpoints'>): number | undefined {
  const prices = endpoints.flatMap(({ region }) =>
    ['classic-load-balancer', 'public-ipv4'].map(type => hourlyPrice(type, region)?.usd),
  )
  if (prices.length === 0 || prices.includes(undefined)) return undefined
  const clusters = new Set(endpoints.map(({ cluster }) => cluster)).size
  return prices.reduce<number>((sum, price) => sum + (price ?? 0), clusterCost * clusters)
}

function renderRemoval({ label, commands }: Told): string {
  const ways = [
    'close the pull request',
    ...(label === undefined ? [] : [`take the label ${code(label)} away`]),
    ...(commands ? [`comment ${code('/down')}`] : []),
  ]
  const longer = commands ? `\n\nTo keep it longer without a push, comment ${code('/extend 24h')}.` : ''
  return details('How to remove it', `${capital(ways.join(', or '))}.${longer}`).trimEnd()
}

const again = ({ commands }: Told) =>
  commands
    ? `To try again, push, run the job again, or comment ${code('/up')}.`
    : 'To try again, push or run the job again.'

function back({ label, commands }: Told): string | undefined {
  const ways = [
    ...(label === undefined ? [] : [`put the label ${code(label)} on`]),
    ...(commands ? [`comment ${code('/up')}`] : []),
  ]
  return ways.length === 0 ? undefined : `To have it back on an open pull request, ${ways.join(', or ')}.`
}

/** Text in which GitHub, besides, calls nobody and refers to nothing: it looks for both in what is shown. */
const quiet = (text: string) => escapeText(text.replace(/[@#]|\bGH-/gi, '$&\u2060'))

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const formatTime = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
