import type { Claim, Identity, Owned } from '@meridian/identity'
import { describeRef, isUnknownKind, type Kube, type KubeObject, type ObjectRef, refOf } from '@meridian/kube'
import { done, type Job, waitFor, waiting } from '@meridian/runner'
import type { InstalledPlane } from '../control-plane/installed-plane.ts'
import { policyTarget } from '../policies/build-policies.ts'
import { removeOwned } from '../remove-owned.ts'
import { type AppObjects, judgeObject, listAppObjects } from './app-objects.ts'
import { listAllBindings } from './list-bindings.ts'
import { findInhabitants } from './namespace-contents.ts'
import { listRemnants } from './remaining-works.ts'
import type { Tenant } from './tenant.ts'
import { waitMembersClean } from './wait-members-clean.ts'

type RemoveJob = Pick<Job, 'signal' | 'deadline' | 'log'>

/**
 * What was deleted, as `Deployment shop/web`; what stays in members that are not ready, with `in jpn`; and what bears
 * the same labels and is not the identity's.
 */
export type Removal = { removed: string[]; left: string[]; spared: Tenant[] }

/**
 * Deletes an identity's templates, in all namespaces, waits until the members have let go of what was propagated and
 * have no load balancer or volume of it, and then deletes the policies, and the namespaces that hold nothing else, also from
 * the members. The order matters: without its template a policy does nothing, but without its policy a template would stay.
 * A member that is not ready is not waited for: what stays in it is warned of and answered. Members that are `unseen`
 * may hold what others have put into a namespace, which stays then.
 */
export async function removeApp(
  job: RemoveJob,
  federation: Kube,
  identity: Identity,
  members: readonly Kube[],
  plane?: Claim<InstalledPlane>,
  unseen: readonly string[] = [],
): Promise<Removal> {
  const { templates, policies, namespaces, spared } = await listAppObjects(federation, identity, plane)
  const left = await removeTemplates(job, federation, templates)
  await waitMembersClean(job, members, identity, plane)
  const rest: Owned<KubeObject>[] = []
  const isGone = () => false
  for (const policy of policies) {
    if (await standsForAnother(federation, policy, isGone)) spared.push(keptPolicy(policy))
    else rest.push(policy)
  }
  for (const policy of rest) await removeOwned(federation, policy)
  const empty: Owned<KubeObject>[] = []
  for (const namespace of namespaces) {
    const inhabitants = await findRest(federation, { members, unseen }, namespace, isGone)
    if (inhabitants.length > 0) {
      spared.push(keptNamespace(namespace, inhabitants))
      continue
    }
    await removeOwned(federation, namespace)
    empty.push(namespace)
  }
  left.push(...(await waitBindingsGone(job, federation, empty.map(refOf))))
  return { removed: [...templates, ...rest, ...empty].map(nameOf), left, spared }
}

/** What `removeApp` would find to stay of an identity's objects, and why, if it came now; only reads. */
export async function foreseeRemoval(
  federation: Kube,
  app: AppObjects,
  seen: Seen,
  identity: Identity,
  plane?: Claim<InstalledPlane>,
): Promise<AppObjects> {
  const isGoing = (object: KubeObject) => judgeObject(object, identity, plane).kind === 'ours'
  const spared: Tenant[] = []
  const policies: Owned<KubeObject>[] = []
  for (const policy of app.policies) {
    if (await standsForAnother(federation, policy, isGoing)) spared.push(keptPolicy(policy))
    else policies.push(policy)
  }
  const namespaces: Owned<KubeObject>[] = []
  for (const namespace of app.namespaces) {
    const inhabitants = await findRest(federation, seen, namespace, isGoing)
    if (inhabitants.length > 0) spared.push(keptNamespace(namespace, inhabitants))
    else namespaces.push(namespace)
  }
  return { ...app, policies, namespaces, spared: [...app.spared, ...spared] }
}

/** Members that answer, and names of those that do not and may hold what others have put there. */
type Seen = { members: readonly Kube[]; unseen: readonly string[] }

async function findRest(
  federation: Kube,
  { members, unseen }: Seen,
  { metadata: { name } }: KubeObject,
  isGoing: (object: KubeObject) => boolean,
): Promise<string[]> {
  const found = await findInhabitants(federation, members, name, isGoing)
  return [...found, ...unseen.map(member => `perhaps something in ${member}`)]
}

/** Another has made a template of the same name since: without its policy it would not travel any more. */
async function standsForAnother(
  federation: Pick<Kube, 'get'>,
  policy: KubeObject,
  isGoing: (object: KubeObject) => boolean,
): Promise<boolean> {
  const target = policyTarget(policy)
  if (target === undefined || policy.kind.endsWith('OverridePolicy')) return false
  const found = await federation.get(target).catch(error => {
    if (isUnknownKind(error)) return undefined
    throw error
  })
  return found !== undefined && found.metadata.deletionTimestamp === undefined && !isGoing(found)
}

function keptPolicy(policy: KubeObject): Tenant {
  return { what: nameOf(policy), whose: 'us', because: 'what it propagates by now is not ours' }
}

function keptNamespace(namespace: KubeObject, inhabitants: readonly string[]): Tenant {
  return { what: nameOf(namespace), whose: 'us', because: `it also holds ${inhabitants.join(', ')}` }
}

const nameOf = (object: KubeObject) => describeRef(refOf(object))

/**
 * Deletes templates, those with load balancers first, and waits until their copies have left the members.
 * Answers with what stays in members that are not ready, which is warned of and not waited for.
 */
export async function removeTemplates(
  job: RemoveJob,
  federation: Pick<Kube, 'get' | 'list' | 'remove'>,
  templates: readonly Owned<KubeObject>[],
): Promise<string[]> {
  for (const template of templates.toSorted((a, b) => Number(isFront(b)) - Number(isFront(a)))) {
    await removeOwned(federation, template)
  }
  return waitBindingsGone(job, federation, templates.map(refOf))
}

function isFront({ kind }: KubeObject): boolean {
  return kind === 'Service' || kind === 'Ingress'
}

async function waitBindingsGone(
  job: RemoveJob,
  federation: Pick<Kube, 'list'>,
  templates: readonly ObjectRef[],
): Promise<string[]> {
  if (templates.length === 0) return []
  const names = new Set(templates.map(describeRef))
  const remnants = await waitFor(job, {
    what: 'members to let go of the app',
    fix: 'A member that is not ready holds it up: unjoin it by force, or run this again once it is back.',
    probe: async () => {
      const bound = (await listAllBindings(federation)).flatMap(({ spec: { resource } }) =>
        resource && names.has(describeRef(resource)) ? [describeRef(resource)] : [],
      )
      const found = await listRemnants(federation, names)
      const held = new Set(found.filter(({ isReady }) => !isReady).map(({ object }) => object))
      const leaving = found.filter(({ isReady }) => isReady).map(({ object }) => object)
      const open = new Set([...leaving, ...bound.filter(object => !held.has(object))])
      return open.size === 0 ? done(found) : waiting(`${[...open].join(', ')} still propagated`)
    },
  })
  const left = remnants.map(({ object, cluster }) => `${object} in ${cluster}`)
  if (left.length > 0)
    job.log.warning(`Left in members that are not ready, until they are back: ${left.join(', ')}`)
  return left
}
