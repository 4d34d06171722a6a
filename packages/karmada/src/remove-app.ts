import {
  describeRef,
  isNotFound,
  isUnknownKind,
  isUnreachable,
  type Kube,
  type KubeObject,
  type ObjectRef,
  type ObjectType,
  refOf,
} from '@meridian/kube'
import { done, type Job, messageOf, waitFor, waiting } from '@meridian/runner'
import type { Binding } from './binding-status.ts'
import { bindingType, clusterBindingType, policyVersion } from './names.ts'
import { findStranded } from './works.ts'

type Labels = Readonly<Record<string, string>>
type RemoveJob = Pick<Job, 'signal' | 'deadline' | 'log'>

const usualTemplates: readonly ObjectType[] = [
  // Services first: their load balancers take longest to go.
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'batch/v1', kind: 'Job' },
  { apiVersion: 'batch/v1', kind: 'CronJob' },
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
  { apiVersion: 'v1', kind: 'ServiceAccount' },
]
const policies: readonly ObjectType[] = [
  'PropagationPolicy',
  'ClusterPropagationPolicy',
  'OverridePolicy',
  'ClusterOverridePolicy',
].map(kind => ({ apiVersion: policyVersion, kind }))

/** What was deleted, as `Deployment shop/web`, and what stays in members that are not ready, with `in jpn`. */
export type Removal = { removed: string[]; left: string[] }

/**
 * Deletes every template with the given labels, in all namespaces, waits until the members have let go of what
 * was propagated and have no load balancer or volume of ours, and then deletes the policies and the namespaces.
 * The order matters: without its template a policy does nothing, but without its policy a template would stay.
 * A member that is not ready is not waited for: what stays in it is warned of and answered.
 */
export async function removeApp(
  job: RemoveJob,
  federation: Kube,
  labels: Labels,
  members: readonly Kube[],
): Promise<Removal> {
  const templates = await findTemplates(federation, labels)
  const left = await removeTemplates(job, federation, templates)
  await waitMembersClean(job, members, labels)
  const rest = [
    ...(await listKinds(federation, policies, labels)),
    ...(await listKinds(federation, [{ apiVersion: 'v1', kind: 'Namespace' }], labels)),
  ]
  for (const object of rest) await federation.remove(object)
  return { removed: [...templates, ...rest].map(describeRef), left }
}

/**
 * Deletes templates, those with load balancers first, and waits until their copies have left the members.
 * Answers with what stays in members that are not ready, which is warned of and not waited for.
 */
export async function removeTemplates(
  job: RemoveJob,
  federation: Pick<Kube, 'list' | 'remove'>,
  templates: readonly ObjectRef[],
): Promise<string[]> {
  for (const template of templates.toSorted((a, b) => Number(isFront(b)) - Number(isFront(a)))) {
    await federation.remove(template)
  }
  return waitBindingsGone(job, federation, templates)
}

function isFront({ kind }: ObjectRef): boolean {
  return kind === 'Service' || kind === 'Ingress'
}

/** Templates of the usual kinds by label, and of any other kind that a binding stands for. */
async function findTemplates(federation: Kube, labels: Labels): Promise<ObjectRef[]> {
  const usual = await listKinds(federation, usualTemplates, labels)
  const bound = await Promise.all((await listAllBindings(federation)).map(boundObject(federation)))
  const others = bound.filter(object => object !== undefined && hasLabels(object, labels))
  const refs = [...usual, ...others.flatMap(object => (object ? [refOf(object)] : []))]
  return [...new Map(refs.map(ref => [describeRef(ref), ref])).values()]
}

async function listAllBindings(federation: Pick<Kube, 'list'>): Promise<Binding[]> {
  const lists = [bindingType, clusterBindingType].map(type => federation.list<Binding>(type))
  return (await Promise.all(lists)).flat()
}

function boundObject(federation: Kube): (binding: Binding) => Promise<KubeObject | undefined> {
  return async ({ spec: { resource } }) => {
    const usual = usualTemplates.some(({ kind }) => kind === resource?.kind)
    return resource === undefined || usual ? undefined : federation.get(resource)
  }
}

async function listKinds(kube: Kube, types: readonly ObjectType[], labels: Labels): Promise<ObjectRef[]> {
  const lists = types.map(type => kube.list(type, { labels }).catch(unknownKindAsNone))
  return (await Promise.all(lists)).flat().map(refOf)
}

function unknownKindAsNone(error: unknown): KubeObject[] {
  if (isUnknownKind(error)) return []
  throw error
}

function hasLabels(object: KubeObject, labels: Labels): boolean {
  return Object.entries(labels).every(([key, value]) => object.metadata.labels?.[key] === value)
}

async function waitBindingsGone(
  job: RemoveJob,
  federation: Pick<Kube, 'list'>,
  templates: readonly ObjectRef[],
): Promise<string[]> {
  if (templates.length === 0) return []
  const names = new Set(templates.map(describeRef))
  const left = await waitFor(job, {
    what: 'members to let go of the app',
    fix: 'A member that is not ready holds it up: unjoin it by force, or run this again once it is back.',
    probe: async () => {
      const bindings = (await listAllBindings(federation)).filter(
        ({ spec: { resource } }) => resource && names.has(describeRef(resource)),
      )
      if (bindings.length === 0) return done([])
      const stranded = await findStranded(federation, bindings)
      if (bindings.every(binding => stranded.has(binding))) return done([...stranded.values()].flat())
      const open = bindings.flatMap(({ spec: { resource } }) => (resource ? [describeRef(resource)] : []))
      return waiting(`${open.join(', ')} still propagated`)
    },
  })
  if (left.length > 0)
    job.log.warning(`Left in members that are not ready, until they are back: ${left.join(', ')}`)
  return left
}

type Service = KubeObject & { spec?: { type?: string } }

async function waitMembersClean(job: RemoveJob, members: readonly Kube[], labels: Labels): Promise<void> {
  const unreachable = new Set<string>()
  await waitFor(job, {
    what: 'load balancers and volumes of the app to be gone',
    fix: 'Look at the events of the Services that are named: their cluster must be able to delete load balancers. Then run this again.',
    probe: async () => {
      const reachable = members.filter(member => !unreachable.has(member.context))
      const found = await Promise.all(
        reachable.map(member =>
          listCostly(member, labels).catch(error => {
            if (!isUnreachable(error) && !isNotFound(error)) throw error
            unreachable.add(member.context)
            job.log.warning(`${member.context} cannot be asked what is left in it: ${messageOf(error)}`)
            return []
          }),
        ),
      )
      const left = found.flat()
      return left.length === 0 ? done(undefined) : waiting(left.join(', '))
    },
  })
}

async function listCostly(member: Kube, labels: Labels): Promise<string[]> {
  const [services, claims] = await Promise.all([
    member.list<Service>({ apiVersion: 'v1', kind: 'Service' }, { labels }),
    member.list({ apiVersion: 'v1', kind: 'PersistentVolumeClaim' }, { labels }),
  ])
  const costly = [...services.filter(({ spec }) => spec?.type === 'LoadBalancer'), ...claims]
  return costly.map(object => `${describeRef(refOf(object))} in ${member.context}`)
}
