import { type Claim, type Identity, type Owned, objectLabels } from '@meridian/identity'
import { claimObject, policyTarget, policyVersion, removeOwned, removeTemplates } from '@meridian/karmada'
import { describeRef, type Kube, type KubeObject, type ObjectRef, readObjects, refOf } from '@meridian/kube'
import { inParallel, type Job, UserError } from '@meridian/runner'
import type { Desired } from '../plan/build-desired.ts'

/** What an earlier run has applied and this one does not name. */
export type Leftovers = {
  /** Templates to delete; with `prune` off they are only told. */
  templates: Owned<KubeObject>[]
  /** Policies whose template is gone or goes. */
  policies: Owned<KubeObject>[]
  /** Overrides that a template which stays no longer needs: they would break it. */
  overrides: Owned<KubeObject>[]
  /** Templates that stay, with the reason. */
  spared: { ref: ObjectRef; reason: string }[]
}

const protection = 'meridian.dev/prune'

/**
 * Finds the leftovers by their policies: each template has one of its own, which is applied before it and deleted
 * after it, so also an interrupted run leaves none unseen. Namespaces are never among them.
 */
export async function findLeftovers(
  federation: Pick<Kube, 'get' | 'list'>,
  desired: readonly Desired[],
  identity: Identity,
): Promise<Leftovers> {
  const labels = objectLabels(identity)
  const list = (kind: string) => federation.list({ apiVersion: policyVersion, kind }, { labels })
  const [policies, clusterPolicies, overrides] = await Promise.all(
    ['PropagationPolicy', 'ClusterPropagationPolicy', 'OverridePolicy'].map(list),
  )
  const named = new Set(desired.map(({ object }) => idOf(refOf(object))))
  const orphans = [...(policies ?? []), ...(clusterPolicies ?? [])].filter(
    each => !named.has(idOf(refOf(each))),
  )
  const known = orphans.flatMap(policyTarget).filter(target => target !== undefined)
  const live = new Map((await readObjects(federation, known, labels)).map((each, at) => [known[at], each]))
  return sortLeftovers(
    orphans.map(policy => ({ policy, live: live.get(policyTarget(policy)) })),
    (overrides ?? []).filter(each => !named.has(idOf(refOf(each)))),
    { named, identity },
  )
}

/** Pure part of `findLeftovers`; exported for its tests. */
export function sortLeftovers(
  orphans: readonly { policy: KubeObject; live: KubeObject | undefined }[],
  overrides: readonly KubeObject[],
  { named, identity }: { named: ReadonlySet<string>; identity: Identity },
): Leftovers {
  const found: Leftovers = { templates: [], policies: [], overrides: [], spared: [] }
  for (const { policy, live } of orphans) {
    const claim = claimObject(policy, identity)
    // It is another's that bears the labels of ours.
    if (claim.kind !== 'ours') continue
    const template = live && claimObject(live, identity)
    const reason = reasonToSpare(claim, live, template)
    if (reason !== undefined) {
      found.spared.push({ ref: refOf(live ?? policy), reason })
      continue
    }
    found.policies.push(claim.owned)
    if (template?.kind === 'ours') found.templates.push(template.owned)
  }
  const going = new Set(found.policies.map(policy => describeTail(refOf(policy))))
  for (const override of overrides) {
    const claim = claimObject(override, identity)
    if (claim.kind !== 'ours') continue
    const target = policyTarget(override)
    if (target !== undefined && named.has(idOf(target))) found.overrides.push(claim.owned)
    else if (going.has(describeTail(refOf(override)))) found.policies.push(claim.owned)
  }
  return found
}

/** Throws a UserError when more is to be deleted than allowed; nothing is written before. */
export function limitDeletions({ templates }: Leftovers, most: number): void {
  if (templates.length <= most) return
  throw new UserError(
    `${templates.length} objects would be deleted, but max-deletes is ${most}: ${templates.map(each => describeRef(refOf(each))).join(', ')}`,
    {
      fix: 'Look whether manifests are missing from this run. If all of these are to go, raise max-deletes.',
      input: 'max-deletes',
    },
  )
}

/** Deletes the leftovers: templates first and waits until members let go of them, then their policies. */
export async function prune(
  job: Pick<Job, 'signal' | 'deadline' | 'log'>,
  federation: Pick<Kube, 'get' | 'list' | 'remove'>,
  { templates, policies }: Leftovers,
): Promise<void> {
  await removeTemplates(job, federation, templates)
  for (const template of templates) job.log.info(`${describeRef(refOf(template))}: deleted`)
  await inParallel(policies, policy => removeOwned(federation, policy))
}

/** Of what version 0.1 has made nobody can tell on a shared federation who has, unless manifests name it. */
function reasonToSpare(
  policy: Claim<KubeObject>,
  live: KubeObject | undefined,
  template: Claim<KubeObject> | undefined,
): string | undefined {
  if (live?.metadata.annotations?.[protection] === 'false') return `its annotation ${protection} says so`
  if (template !== undefined && template.kind !== 'ours') return 'it no longer bears our mark'
  const older = [policy, template].some(claim => claim?.kind === 'ours' && claim.mark.schema === 1)
  return older
    ? 'version 0.1 has made it, and did not say for whom: delete it by hand if it is yours'
    : undefined
}

function idOf(ref: ObjectRef): string {
  return `${ref.apiVersion.split('/')[0]} ${describeRef(ref)}`
}

/** A template's policy and override have one name in one namespace. */
function describeTail({ namespace, name }: ObjectRef): string {
  return `${namespace}/${name}`
}
