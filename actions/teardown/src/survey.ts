import type { EnvironmentClaim, Zone } from '@meridian/dns'
import type { ClusterDescriptor } from '@meridian/identity'
import { type AppObjects, describeTenants, foreseeRemoval } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import type { UserError } from '@meridian/runner'
import { reachClusters } from './clusters/reach-clusters.ts'
import { surveyClaims, withMembers } from './survey/claims.ts'
import { type FoundCluster, surveyResources, surveyStore } from './survey/cluster.ts'
import { askMembers, type FoundFederation, listUnseen, surveyFederation } from './survey/federation.ts'
import { readFootprint, type Trace } from './survey/footprint.ts'
import { judgeClusters } from './survey/judge.ts'
import { findSilentHosts, judgeSilentHost } from './survey/judge-silence.ts'
import { describeClusters } from './survey/notices.ts'
import { type FoundRecords, surveyRecords } from './survey/records.ts'
import { describeRetained } from './survey/volumes.ts'
import { ownerAndPlane, type Work } from './work.ts'

export type { FoundCluster } from './survey/cluster.ts'

/** What was found, and is this run's to remove, before anything is touched. */
export type Survey = {
  /** Undefined where the scope has no dns, and where the domain has no hosted zone. */
  readonly zone: Zone | undefined
  readonly records: readonly FoundRecords[]
  /** Of the environment, in its zone; they go when all else has gone. */
  readonly claims: readonly EnvironmentClaim[]
  readonly clusters: readonly FoundCluster[]
  readonly federation: FoundFederation | undefined
  /** Those that answer, and the host, by alias. */
  readonly reached: ReadonlyMap<string, Kube>
  /** What the app has become in the clusters; read for a dry run only. */
  readonly footprint: readonly Trace[]
  /** What stays and why, what shares a place with what goes, what cannot be seen: sentences. */
  readonly notices: readonly string[]
}

/**
 * Looks for everything that the names lead to, and whose it is. Only reads. Throws a UserError for what is not the
 * run's own, and what must not go.
 */
export async function surveyEnvironment(work: Work): Promise<Survey> {
  const { host, clusters } = work.inputs
  const outside = surveyRecords(work)
  // Of a federation of others the environment's claim tells the members.
  const others = host === undefined || clusters.includes(host)
  const inner = others
    ? surveyInside(work)
    : outside.then(({ claims }) => surveyInside(withMembers(work, claims)))
  const [{ zone, records, claims, notices }, inside] = await Promise.all([outside, inner])
  const { going, notices: kept } = await surveyClaims(work, claims, { records, ...inside })
  return { zone, records, claims: going, ...inside, notices: [...notices, ...inside.notices, ...kept] }
}

/** No credentials are taken from a store before all clusters are known to be this run's. */
async function surveyInside(work: Work): Promise<Omit<Survey, 'zone' | 'records' | 'claims'>> {
  const { inputs, identity } = work
  const stores = await Promise.all(concerned(inputs).map(cluster => surveyStore(work, cluster)))
  refuse(judgeClusters(stores, inputs, identity))
  const [clusters, inside] = await Promise.all([
    Promise.all(stores.map(found => surveyResources(work, found))),
    surveyKubernetes(work, stores),
  ])
  refuse(judgeClusters(clusters, inputs, identity))
  await refuseSilentHosts(work, clusters, inside.reached)
  return { ...inside, clusters, notices: [...describeClusters(clusters, inputs.scope), ...inside.notices] }
}

async function surveyKubernetes(
  work: Work,
  clusters: readonly FoundCluster[],
): Promise<Pick<Survey, 'reached' | 'federation' | 'footprint' | 'notices'>> {
  const reached = await reachClusters(work, clusters)
  const [found, retained] = await Promise.all([
    surveyFederation(work, clusters, reached),
    describeRetained(work, reached),
  ])
  const foreseen = found && work.inputs.dryRun && (await foreseeApp(work, found, reached))
  const federation = foreseen ? { ...found, app: foreseen } : found
  const footprint = foreseen ? await readFootprint(foreseen, reached, ownerAndPlane(work, found)) : []
  const notices = federation === undefined ? [] : describeFederation(federation)
  return { reached, federation, footprint, notices: [...retained, ...notices] }
}

/** Of the app what would go and what would stay, as far as it can be seen now; undefined where none of it goes. */
async function foreseeApp(
  work: Work,
  found: FoundFederation,
  reached: ReadonlyMap<string, Kube>,
): Promise<AppObjects | undefined> {
  const { api, app, plan } = found
  if (!plan.app || api === undefined) return undefined
  const { identity, plane } = ownerAndPlane(work, found)
  const seen = { members: [...reached.values()], unseen: listUnseen(work, found, reached) }
  return foreseeRemoval(api, app, seen, identity, plane)
}

/** A host that does not answer may hold what is others', and takes it along. */
async function refuseSilentHosts(
  work: Work,
  clusters: readonly FoundCluster[],
  reached: ReadonlyMap<string, Kube>,
): Promise<void> {
  const [silent] = work.inputs.scope.has('clusters') ? findSilentHosts(clusters, reached) : []
  if (silent !== undefined) refuse(judgeSilentHost(silent, work.inputs, await askMembers(work, reached)))
}

function refuse(problem: UserError | undefined): void {
  if (problem !== undefined) throw problem
}

function describeFederation({ plan, app }: FoundFederation): string[] {
  const spared = plan.app && app.spared.length > 0
  return spared ? [...plan.notices, `Of the app stay: ${describeTenants(app.spared)}.`] : [...plan.notices]
}

/** The clusters that the scope is about. */
function concerned({ scope, clusters }: Work['inputs']): readonly ClusterDescriptor[] {
  return [...scope].some(one => one !== 'dns') ? clusters : []
}
