import { describePrice, type Leak } from '@meridian/inventory'
import { describeRef, refOf } from '@meridian/kube'
import { markdown } from '@meridian/runner'
import { claimThing, stateThing, type Thing } from './ledger.ts'
import { isOrphaned, ownState } from './survey/cluster.ts'
import type { Survey } from './survey.ts'

const { code, count, escapeText, list, table, titledTable } = markdown

/** What a survey found, as the things that a run would delete, in its order. Pure. */
export function listFound(survey: Survey, scope: ReadonlySet<string>): Thing[] {
  return [
    ...survey.records.flatMap(listRecords),
    ...listFederation(survey),
    ...(scope.has('clusters') ? survey.clusters.flatMap(listCluster) : []),
    ...(scope.has('state') ? survey.clusters.flatMap(listState) : []),
    ...survey.claims.map(claimThing),
  ]
}

function listRecords({ fqdn, whole, regions }: Survey['records'][number]): Thing[] {
  if (whole) return [{ type: 'records', id: fqdn }]
  return regions.map(region => ({ type: 'record', id: fqdn, region }))
}

function listFederation({ federation }: Survey): Thing[] {
  if (federation === undefined) return []
  const { app, plan, plane, host } = federation
  const objects = plan.app ? [...app.templates, ...app.policies, ...app.namespaces] : []
  return [
    ...objects.map((object): Thing => ({ type: 'app', id: describeRef(refOf(object)) })),
    ...plan.members.map(({ name }): Thing => ({ type: 'member', id: name })),
    ...(plan.plane === undefined || plane.found.state === 'absent'
      ? []
      : [{ type: 'control-plane', id: `${federation.name} in ${host.name}` } as const]),
  ]
}

function listCluster(found: Survey['clusters'][number]): Thing[] {
  const { cluster, config } = found
  if (config === undefined && !isOrphaned(found)) return []
  return [{ type: 'cluster', id: cluster.fullName, region: cluster.region }]
}

function listState(found: Survey['clusters'][number]): Thing[] {
  const { store, bucket, cluster, surroundings } = found
  if (store === undefined) return []
  const state = ownState(found) === undefined ? [] : [stateThing(store, cluster)]
  if (bucket === undefined || surroundings.neighbours.length > 0) return state
  return [...state, { type: 'state-bucket', id: store.bucket, region: store.region }]
}

/** A dry run: every single thing that would go, and what is to be known before. */
export function renderPlan(survey: Survey, scope: ReadonlySet<string>): string {
  const things = listFound(survey, scope)
  const resources = listResources(survey, scope)
  return markdown.report({
    outcome: things.length > 0 ? 'planned' : 'same',
    title: 'Teardown: planned, not done',
    line: things.length > 0 ? `${count(things.length, 'thing')} would be deleted.` : 'Nothing was found.',
    body: [
      things.length > 0 ? renderThings(things) : '',
      titledTable(
        'Of the app, in the clusters',
        ['Cluster', 'Object', 'What it is there'],
        survey.footprint.map(({ cluster, object, what }) => [code(cluster), code(object), escapeText(what)]),
      ),
      renderLeaks('In the cloud, with the clusters', resources),
      list('To know', survey.notices.map(escapeText)),
    ],
    next: things.length > 0 ? `a run without ${code('dry-run')} does it.` : undefined,
  })
}

/** What AWS has of the clusters that would go. Pure. */
function listResources({ clusters }: Pick<Survey, 'clusters'>, scope: ReadonlySet<string>): Leak[] {
  if (!scope.has('clusters')) return []
  return clusters.flatMap(found =>
    found.config === undefined && !isOrphaned(found)
      ? []
      : [...found.resources.ours, ...found.resources.unmarked],
  )
}

/** The end of a run: what is gone, and what is not. */
export function renderOutcome(
  whose: string,
  outcome: {
    gone: readonly Thing[]
    remaining: readonly Thing[]
    leaks: readonly Leak[]
    problems: readonly string[]
    notices?: readonly string[]
  },
): string {
  const { gone, remaining, leaks, problems, notices = [] } = outcome
  const clean = remaining.length === 0 && leaks.length === 0 && problems.length === 0
  const headline = clean ? (gone.length === 0 ? 'nothing was there' : 'nothing is left') : 'something is left'
  return markdown.report({
    outcome: clean ? 'done' : 'failed',
    title: `Teardown of ${code(whose)}: ${headline}`,
    line: gone.length > 0 ? `${count(gone.length, 'thing')} deleted.` : '',
    body: [
      list('What went wrong', problems.map(escapeText)),
      remaining.length > 0 ? `**Not deleted**\n\n${renderThings(remaining)}` : '',
      renderLeaks('Left over', leaks),
      gone.length > 0 ? `**Deleted**\n\n${renderThings(gone)}` : '',
      list('To know', notices.map(escapeText)),
    ],
    next: clean ? undefined : 'mend what is named and run it again: it goes on where it stopped.',
  })
}

/** A table of things by kind, name and region. */
export function renderThings(things: readonly Thing[]): string {
  return table(
    ['What', 'Name', 'Region'],
    things.map(({ type, id, region }) => [type.replace('-', ' '), code(id), escapeText(region ?? '')]),
  )
}

function renderLeaks(title: string, leaks: readonly Leak[]): string {
  return titledTable(
    title,
    ['Type', 'Id', 'Region', 'Price'],
    leaks.map(leak => [escapeText(leak.type), code(leak.id), leak.region, describePrice(leak.hourlyCost)]),
  )
}
