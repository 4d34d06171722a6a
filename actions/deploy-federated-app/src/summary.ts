import type { Cluster } from '@meridian/karmada'
import { type Difference, describeRef, refOf } from '@meridian/kube'
import { markdown } from '@meridian/runner'
import { stringify } from 'yaml'
import type { Leftovers } from './apply/prune.ts'
import { withoutOwn } from './plan/mark-object.ts'
import type { Step } from './plan/plan.ts'
import { countReplicas, type Endpoint } from './report/endpoints.ts'
import type { Arrival } from './status/template-status.ts'

const { code, details, escapeText, fence, table } = markdown
const signs = { create: '🟢 create', change: '🟡 change', keep: '⚪ keep' }
const mostDifferences = 100
const mostCharacters = 120

/** What is done, object by object, with the difference field by field; the policies folded. */
export function renderPlan(
  steps: readonly Step[],
  leftovers: Leftovers,
  { dryRun, prune, app }: { dryRun: boolean; prune: boolean; app?: string | undefined },
): string {
  const title = dryRun ? 'Planned, not done' : 'App'
  const { templates, policies, overrides } = leftovers
  const open = steps.filter(({ action }) => action !== 'keep')
  const kept = steps.length - open.length
  // New objects have new policies, which are shown in full below.
  const isNewPolicy = (step: Step) => step.role !== 'template' && step.action === 'create'
  const policyCount = open.filter(isNewPolicy).length
  const rows = [
    ...open
      .filter(step => !isNewPolicy(step))
      .map(step => [signs[step.action], code(describeRef(refOf(step.object)))]),
    ...(policyCount > 0 ? [[signs.create, `${count(policyCount, 'policy', 'policies')}, see below`]] : []),
    ...[...(prune ? [...templates, ...policies] : []), ...overrides].map(each => [
      '🔴 delete',
      code(describeRef(refOf(each))),
    ]),
    ...(kept > 0 ? [[signs.keep, `${count(kept, 'object', 'objects')} as before`]] : []),
  ]
  const changes = open.filter(step => step.differences.length > 0).map(renderDifferences)
  const texts = renderPolicies(open.filter(step => step.role !== 'template'))
  const folded = texts.length === 0 ? '' : details('Policies', fence(texts.join('---\n'), 'yaml'))
  const left =
    prune || app === undefined || templates.length === 0
      ? ''
      : `\nNot in the manifests any more, and left as they are (<code>prune: true</code> deletes them): ${templates.map(each => code(describeRef(refOf(each)))).join(', ')}\n`
  return `### ${title}\n\n${table(['', 'object'], rows)}${left}\n${changes.join('\n')}${folded}`
}

/** Policies in full; of those that differ only in what they are for, one. */
function renderPolicies(steps: readonly Step[]): string[] {
  const groups = Map.groupBy(steps, ({ object: { kind, metadata, spec } }) =>
    JSON.stringify([kind, metadata.namespace, { ...(spec as object), resourceSelectors: undefined }]),
  )
  return [...groups.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return []
    const like = more.length === 0 ? '' : `# ${more.length} more are like it, each for another object\n`
    return [stringify(withoutOwn(first.object), { version: '1.1', lineWidth: 0 }) + like]
  })
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`
}

/** What is held back until all that changes of it is there, by name. */
export function renderShifts(names: readonly string[]): string {
  if (names.length === 0) return ''
  return `\nHeld back until Karmada has divided anew, so that no region has fewer pods in between: ${names.map(code).join(', ')}\n`
}

/** The waves so far: all before `at` are done; `back` says whether wave `at` runs what it ran before again. */
export function renderWaves(waves: readonly string[][], at: number, back: boolean): string {
  const rows = waves.map((wave, index) => {
    const failed = back ? '↩️ rolled back' : '❌ not healthy, held'
    const state = index < at ? '✅ healthy' : index === at ? failed : '⏸️ not touched'
    return [String(index + 1), wave.map(code).join(', '), state]
  })
  return `\n${table(['wave', 'clusters', ''], rows)}`
}

function renderDifferences(step: Step): string {
  const shown = step.differences.slice(0, mostDifferences)
  const lines = shown.flatMap(({ path, actual, desired }: Difference) => [
    ...(actual === undefined ? [] : [`- ${path}: ${shorten(actual)}`]),
    ...(desired === undefined ? [] : [`+ ${path}: ${shorten(desired)}`]),
  ])
  const rest = step.differences.length - shown.length
  const text = [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n')
  return details(`Difference of ${code(describeRef(refOf(step.object)))}`, fence(text, 'diff'))
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text
}

/** What runs where, region by region, with what is still missing. */
export function renderRegions(
  arrivals: readonly Arrival[],
  clusters: readonly Cluster[],
  endpoints: readonly Endpoint[],
): string {
  const names = clusters.map(({ metadata }) => metadata.name)
  const replicas = countReplicas(arrivals, names)
  const rows = clusters.map(({ metadata: { name: cluster }, spec: { region = '' } }) => {
    const own = endpoints.filter(endpoint => endpoint.cluster === cluster)
    return [
      code(cluster),
      code(region),
      String(replicas[cluster] ?? 0),
      own.map(({ hostname }) => code(hostname)).join('<br>'),
    ]
  })
  const open = arrivals.flatMap(({ template, status }) =>
    status.regions
      .filter(({ reason }) => reason !== '')
      .map(
        ({ cluster, reason }) =>
          `- ${code(cluster)} ${code(template.metadata.name)}: ${escapeText(reason)}\n`,
      ),
  )
  return `\n${table(['cluster', 'region', 'ready pods', 'load balancer'], rows)}${open.length > 0 ? `\n${open.join('')}` : ''}`
}
