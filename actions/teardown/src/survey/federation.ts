import type { ClusterDescriptor } from '@meridian/identity'
import {
  type AppObjects,
  findFederation,
  type JudgedPlane,
  judgeMembers,
  judgePlane,
  listAppObjects,
  listCopies,
  listGuests,
  listTenants,
  mayHoldOthers,
  type Tenant,
} from '@meridian/karmada'
import { isUnknownKind, isUnreachable, type Kube, KubeError } from '@meridian/kube'
import { decided, messageOf, UserError } from '@meridian/runner'
import { ownerOfApp, type Work } from '../work.ts'
import { type FoundCluster, ownState } from './cluster.ts'
import { findLed } from './find-led.ts'
import type { ObservedFederation } from './observed-federation.ts'
import { type FederationPlan, planFederation } from './plan-federation.ts'

export type FoundFederation = ObservedFederation & {
  readonly kube: Kube
  readonly plan: FederationPlan
}

const readyMilliseconds = 10_000

/** Looks at the federation that the named clusters belong to; undefined where there is none. Throws what refuses it. */
export async function surveyFederation(
  work: Work,
  clusters: readonly FoundCluster[],
  reached: ReadonlyMap<string, Kube>,
): Promise<FoundFederation | undefined> {
  try {
    const home = await findHost(work, clusters, reached)
    if (home === undefined) return undefined
    const observed = await observeFederation(work, home, reached)
    const plan = decided('the federation', planFederation(observed, clusters, work.inputs), describeDecision)
    if (plan instanceof UserError) throw plan
    return { ...observed, kube: home.kube, plan }
  } catch (error) {
    throw error instanceof KubeError ? explainUnread(error) : error
  }
}

function explainUnread(cause: KubeError): UserError {
  return new UserError(`what there is of a federation cannot be read: ${cause.message}`, {
    fix: 'Whose it is cannot be told then. See to it that it answers, with its own words (a proxy may answer in its place) and to these credentials, and run again. Nothing was touched.',
    input: 'clusters',
    cause,
  })
}

type Home = { readonly cluster: ClusterDescriptor; readonly kube: Kube; readonly plane: JudgedPlane }

/** The cluster with a control plane: the one that an input names, or the first of the named ones that has one. */
async function findHost(
  work: Work,
  clusters: readonly FoundCluster[],
  reached: ReadonlyMap<string, Kube>,
): Promise<Home | undefined> {
  const { host } = work.inputs
  const candidates = host === undefined ? work.inputs.clusters : [host]
  for (const cluster of candidates) {
    const kube = reached.get(cluster.name)
    if (kube === undefined) continue
    const plane = await judgePlane(kube, work.identity, ownerOf(cluster, clusters))
    if (plane.found.state !== 'absent' || plane.claim.kind === 'ours') return { cluster, kube, plane }
  }
  if (host === undefined) await refuseStrays(work, clusters, reached)
  return undefined
}

function ownerOf(cluster: ClusterDescriptor, clusters: readonly FoundCluster[]) {
  const found = clusters.find(one => one.cluster.fullName === cluster.fullName)
  return found && ownState(found)
}

/** A member whose host is not named cannot be taken out of its federation, which would keep a dead member for ever. */
async function refuseStrays(
  { inputs }: Work,
  clusters: readonly FoundCluster[],
  reached: ReadonlyMap<string, Kube>,
): Promise<void> {
  if (!inputs.scope.has('federation')) return
  // Where a named cluster is not there any more, it may have been the host.
  if (clusters.some(({ cluster }) => !reached.has(cluster.name))) return
  for (const [name, kube] of reached) {
    const space = await kube.get({ apiVersion: 'v1', kind: 'Namespace', name: memberNamespace })
    if (space === undefined || space.metadata.deletionTimestamp !== undefined) continue
    throw new UserError(`${name} is a member of a federation whose host is not named`, {
      fix: 'Give the host as host: {name: …, region: …}; it stays. If that federation is gone, take federation out of the scope. Nothing was touched.',
      input: 'host',
    })
  }
}

const noApp: AppObjects = { templates: [], policies: [], namespaces: [], spared: [] }

/** Where Karmada keeps its accounts in a member. */
const memberNamespace = 'karmada-cluster'

/** Reads everything that decides what may go. What answers, but not as Kubernetes does, is no answer: it throws. */
async function observeFederation(
  work: Work,
  { cluster, kube, plane }: Home,
  reached: ReadonlyMap<string, Kube>,
): Promise<ObservedFederation> {
  const seen = { name: work.inputs.federation, host: cluster, plane }
  const answer = await hear(work, async () => {
    const api = await findFederation(work.job, kube, seen.name)
    if (api === undefined) return 'it has no address'
    await api.request('GET', '/readyz', { timeout: readyMilliseconds })
    return { api, ...(await readApi(work, api, plane)) }
  })
  if (typeof answer === 'object') return { ...seen, ...answer, silence: undefined }
  const tenants = mayHoldOthers(plane) ? await askMembers(work, reached, plane) : []
  const nothing = { api: undefined, members: [], led: [], app: noApp }
  return { ...seen, ...nothing, silence: answer, tenants, guests: tenants }
}

/** What is asked, or why there is no answer: it does not come, or the API is out of order, or lacks a part. */
async function hear<T>({ job }: Work, ask: () => Promise<T | string>): Promise<T | string> {
  try {
    return await ask()
  } catch (error) {
    job.signal.throwIfAborted()
    const silent = isUnreachable(error) || isUnknownKind(error)
    if (silent || (error instanceof KubeError && error.status >= 500)) return messageOf(error)
    throw error
  }
}

type Contents = Pick<ObservedFederation, 'members' | 'tenants' | 'guests' | 'led' | 'app'>

async function readApi(work: Work, api: Kube, plane: JudgedPlane): Promise<Contents> {
  const { identity, inputs } = work
  const [members, tenants, app] = await Promise.all([
    judgeMembers(api, identity, plane.claim),
    listTenants(api, identity, plane.claim),
    inputs.scope.has('app') ? listAppObjects(api, ownerOfApp(work), plane.claim) : noApp,
  ])
  const found = { members, tenants, app, guests: [], led: [] }
  if (tenants.length === 0 || !(inputs.scope.has('federation') || inputs.scope.has('clusters'))) return found
  const leaving = members
    .filter(({ name, claim }) => claim.kind === 'ours' && inputs.clusters.some(one => one.name === name))
    .map(({ name }) => name)
  const guests = await listGuests(api, leaving, identity, plane.claim)
  return { ...found, guests, led: guests.length === 0 ? [] : await findLed(work, api, leaving) }
}

/** What others have in the named clusters by way of a federation that cannot be asked itself. */
export async function askMembers(
  { identity }: Work,
  reached: ReadonlyMap<string, Kube>,
  plane?: JudgedPlane,
): Promise<Tenant[]> {
  const found = await Promise.all([...reached.values()].map(kube => listCopies(kube, identity, plane?.claim)))
  return found.flat()
}

/** Members that were not looked into, and may hold what others have put there. One that is named and silent is dead. */
export function listUnseen(
  { inputs }: Pick<Work, 'inputs'>,
  { members }: Pick<FoundFederation, 'members'>,
  reached: ReadonlyMap<string, Kube>,
): string[] {
  const named = new Set(inputs.clusters.map(({ name }) => name))
  return members.flatMap(({ name }) => (reached.has(name) || named.has(name) ? [] : [name]))
}

function describeDecision(plan: FederationPlan | UserError): string {
  if (plan instanceof UserError) return `refused: ${plan.message}`
  const { members, plane, app, hostGoes } = plan
  const parts = [
    ...members.map(({ name }) => `member ${name}`),
    ...(plane ? ['the control plane'] : []),
    ...(app ? ['the app'] : []),
    ...(hostGoes ? ['the host'] : []),
  ]
  return `these go: ${parts.join(', ') || 'nothing'}`
}
