import type { Cluster } from '@meridian/karmada'
import { type Difference, describeRef, refOf } from '@meridian/kube'
import { markdown } from '@meridian/runner'
import { stringify } from 'yaml'
import type { Leftovers } from './apply/prune.ts'
import { withoutOwn } from './plan/mark-object.ts'
import type { Step } from './plan/plan.ts'
import { countReplicas, type Endpoint } from './report/endpoints.ts'
import type { TemplateStatus } from './status/template-status.ts'

const { code, count, details, escapeText, fence, list, table } = markdown
const signs = { create: '🟢 create', change: '🟡 change', keep: '⚪ keep' }
const mostDifferences = 100
const mostCharacters = 120

/** What a plan is told with; `suspended` names what is held back until all that changes of it is there. */
type Told = {
  dryRun: boolean
  prune: boolean
  app?: string | undefined
  suspended?: readonly string[]
}

/** What is done, object by object, with the difference field by field; the policies folded. */
export function renderPlan(
  steps: readonly Step[],
  leftovers: Leftovers,
  { dryRun, prune, app, suspended = [] }: Told,
): string {
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
      : `Not in the manifests any more, and left as they are (<code>prune: true</code> deletes them): ${templates.map(each => code(describeRef(refOf(each)))).join(', ')}`
  const going = rows.length - (kept > 0 ? 1 : 0)
  return markdown.report({
    outcome: going === 0 ? 'same' : dryRun ? 'planned' : 'changes',
    title: dryRun ? 'App: planned, not done' : 'App',
    line:
      going === 0
        ? 'Everything is as wanted.'
        : `${count(open.length, 'object')} of ${steps.length} to be written.`,
    body: [table(['Step', 'Object'], rows), left, ...changes, folded, renderSuspendedChanges(suspended)],
    next: dryRun && going > 0 ? `a run without ${code('dry-run')} does it.` : undefined,
  })
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

function renderSuspendedChanges(names: readonly string[]): string {
  if (names.length === 0) return ''
  return `Held back until Karmada has divided anew, so that no region has fewer pods in between: ${names.map(code).join(', ')}`
}

/** The waves so far: all before `at` are done; `back` says whether wave `at` runs what it ran before again. */
export function renderWaves(waves: readonly string[][], at: number, back: boolean): string {
  const rows = waves.map((wave, index) => {
    const failed = back ? '↩️ rolled back' : '❌ not healthy, held'
    const state = index < at ? '✅ healthy' : index === at ? failed : '⏸️ not touched'
    return [String(index + 1), wave.map(code).join(', '), state]
  })
  const whole = at >= waves.length
  return markdown.part({
    outcome: whole ? 'done' : 'failed',
    title: `${Math.min(at, waves.length)} of ${waves.length} waves healthy`,
    body: [table(['Wave', 'Clusters', 'State'], rows)],
  })
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

/** What runs where, region by region, with what is still missing, and what becomes of a region that is lost. */
export function renderRegions(
  statuses: readonly TemplateStatus[],
  clusters: readonly Cluster[],
  endpoints: readonly Endpoint[],
  failover = '',
): string {
  const names = clusters.map(({ metadata }) => metadata.name)
  const replicas = countReplicas(statuses, names)
  const pods = Object.values(replicas).reduce((sum, some) => sum + some, 0)
  const rows = clusters.map(({ metadata: { name: cluster }, spec: { region = '' } }) => {
    const own = endpoints.filter(endpoint => endpoint.cluster === cluster)
    const hosts = own.map(({ hostname }) => code(hostname)).join('<br>')
    return [code(cluster), escapeText(region), String(replicas[cluster] ?? 0), hosts]
  })
  const open = statuses.flatMap(({ template, status }) =>
    status.regions
      .filter(({ reason }) => reason !== '')
      .map(
        ({ cluster, reason }) => `${code(cluster)} ${code(template.metadata.name)}: ${escapeText(reason)}`,
      ),
  )
  const done = statuses.every(({ status }) => status.done)
  return markdown.part({
    outcome: done ? 'done' : 'attention',
    title: `${count(pods, 'pod')} ready in ${count(clusters.length, 'cluster')}`,
    line: done ? '' : 'It does not run everywhere yet.',
    body: [
      table(['Cluster', 'Region', 'Ready pods', 'Load balancer'], rows),
      list('What is missing', open),
      escapeText(failover),
    ],
    next:
      endpoints.length > 0
        ? `${code('latency-dns')} leads users to the nearest of them: its input ${code('endpoints')} takes this action's output of that name.`
        : undefined,
  })
}
