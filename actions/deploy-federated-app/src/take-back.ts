import type { Identity, Owned } from '@meridian/identity'
import { bindingRef, claimingPolicy, claimObject, policyTarget, removeOwned } from '@meridian/karmada'
import { describeRef, type Kube, type KubeObject, refOf, removeOver } from '@meridian/kube'
import { type Job, messageOf } from '@meridian/runner'
import type { Writer } from './apply.ts'

/**
 * Takes back the policies that this run has made for templates which turned out to be another's, or to travel by another's
 * policy: they would send to the members what is not ours, or change it on its way. With a policy goes what Karmada has made of it by now.
 */
export async function takeBack(
  job: Pick<Job, 'log'>,
  federation: Pick<Kube, 'get' | 'remove'>,
  { written, foreign, identity }: Writer,
): Promise<void> {
  for (const { object: policy, made } of written.values()) {
    const target = policyTarget(policy)
    if (!made || target === undefined || !foreign.has(describeRef(target))) continue
    const name = describeRef(refOf(policy))
    try {
      const binding = await federation.get(bindingRef(target))
      for (const owned of ownedBy(policy, identity)) await removeOwned(federation, owned)
      const carries = policy.kind.endsWith('PropagationPolicy')
      if (carries && binding !== undefined && claimingPolicy(binding) === policy.metadata.name)
        await removeOver(federation, binding, live => refuseClaimed(live, policy))
      job.log.info(`${name}: taken back, since ${describeRef(target)} is not ours`)
    } catch (error) {
      job.log.warning(`${name} stays, although ${describeRef(target)} is not ours: ${messageOf(error)}`)
    }
  }
}

function ownedBy(object: KubeObject, identity: Identity): Owned<KubeObject>[] {
  const claim = claimObject(object, identity)
  return claim.kind === 'ours' ? [claim.owned] : []
}

/** Karmada takes a claim off with its policy, and then another policy may have its own. */
function refuseClaimed(binding: KubeObject | undefined, { metadata }: KubeObject): void {
  const claiming = binding && claimingPolicy(binding)
  if (claiming !== undefined && claiming !== metadata.name) throw new Error(`it goes by ${claiming} now`)
}
