import { policyTarget, removeTemplates } from '@meridian/karmada'
import { describeRef, type Kube, type KubeObject, type ObjectRef, refOf } from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import type { Desired } from './build-desired.ts'
import { inParallel } from './in-parallel.ts'

/** What an earlier run has applied and this one does not name. */
export type Leftovers = {
  /** Templates to delete; with `prune` off they are only told. */
  templates: ObjectRef[]
  /** Policies whose template is gone or goes. */
  policies: ObjectRef[]
  /** Overrides that a template which stays no longer needs: they would break it. */
  overrides: ObjectRef[]
  /** Templates that stay, with the reason. */
  spared: { ref: ObjectRef; reason: string }[]
}

type Labels = Readonly<Record<string, string>>

const policyVersion = 'policy.karmada.io/v1alpha1'
const protection = 'meridian.dev/prune'

/**
 * Finds the leftovers by their policies: each template has one of its own, which is applied before it and deleted
 * after it, so also an interrupted run leaves none unseen. Namespaces are never among them.
 */
export async function findLeftovers(
  federation: Pick<Kube, 'get' | 'list'>,
  desired: readonly Desired[],
  labels: Labels,
): Promise<Leftovers> {
  const list = (kind: string) => federation.list({ apiVersion: policyVersion, kind }, { labels })
  const [policies, clusterPolicies, overrides] = await Promise.all(
    ['PropagationPolicy', 'ClusterPropagationPolicy', 'OverridePolicy'].map(list),
  )
  const named = new Set(desired.map(({ object }) => idOf(refOf(object))))
  const orphans = [...(policies ?? []), ...(clusterPolicies ?? [])].filter(
    each => !named.has(idOf(refOf(each))),
  )
  const live = await inParallel(orphans, async policy => {
    const target = policyTarget(policy)
    return target && (await federation.get(target))
  })
  return sortLeftovers(
    orphans.map((policy, at) => ({ policy, live: live[at] })),
    (overrides ?? []).filter(each => !named.has(idOf(refOf(each)))),
    { named, labels },
  )
}

/** Pure part of `findLeftovers`; exported for its tests. */
export function sortLeftovers(
  orphans: readonly { policy: KubeObject; live: KubeObject | undefined }[],
  overrides: readonly KubeObject[],
  { named, labels }: { named: ReadonlySet<string>; labels: Labels },
): Leftovers {
  const found: Leftovers = { templates: [], policies: [], overrides: [], spared: [] }
  for (const { policy, live } of orphans) {
    const reason = live && reasonToSpare(live, labels)
    if (live !== undefined && reason !== undefined) {
      found.spared.push({ ref: refOf(live), reason })
      continue
    }
    found.policies.push(refOf(policy))
    if (live !== undefined) found.templates.push(refOf(live))
  }
  for (const override of overrides) {
    const target = policyTarget(override)
    if (target !== undefined && named.has(idOf(target))) found.overrides.push(refOf(override))
    else if (found.policies.some(policy => describeTail(policy) === describeTail(refOf(override))))
      found.policies.push(refOf(override))
  }
  return found
}

/** Throws a UserError when more is to be deleted than allowed; nothing is written before. */
export function limitDeletions({ templates }: Leftovers, most: number): void {
  if (templates.length <= most) return
  throw new UserError(
    `${templates.length} objects would be deleted, but max-deletes is ${most}: ${templates.map(describeRef).join(', ')}`,
    {
      fix: 'Look whether manifests are missing from this run. If all of these are to go, raise max-deletes.',
      input: 'max-deletes',
    },
  )
}

/** Deletes the leftovers: templates first and waits until members let go of them, then their policies. */
export async function prune(
  job: Pick<Job, 'signal' | 'deadline' | 'log'>,
  federation: Pick<Kube, 'list' | 'remove'>,
  { templates, policies }: Leftovers,
): Promise<void> {
  await removeTemplates(job, federation, templates)
  for (const template of templates) job.log.info(`${describeRef(template)}: deleted`)
  await inParallel(policies, policy => federation.remove(policy))
}

function reasonToSpare({ metadata }: KubeObject, labels: Labels): string | undefined {
  const { labels: own = {}, annotations = {} } = metadata
  if (annotations[protection] === 'false') return `its annotation ${protection} says so`
  if (Object.entries(labels).some(([key, value]) => own[key] !== value))
    return 'it no longer bears our labels'
  return undefined
}

function idOf(ref: ObjectRef): string {
  return `${ref.apiVersion.split('/')[0]} ${describeRef(ref)}`
}

/** A template's policy and override have one name in one namespace. */
function describeTail({ namespace, name }: ObjectRef): string {
  return `${namespace}/${name}`
}
