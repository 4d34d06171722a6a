import { recordRemoval, TenantsError } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { messageOf } from '@meridian/runner'
import type { FoundFederation } from '../survey/federation.ts'
import type { Work } from '../work.ts'
import type { HeldFederation } from './hold-federation.ts'
import { removeFederatedApp } from './remove-app.ts'
import { removePlane, unjoinMembers } from './remove-federation.ts'

/**
 * Removes of the app, the members and the control plane what goes with the named clusters, as far as each is there and
 * answers. Returns what went wrong; where the host is to be deleted too that is a warning only, since nothing of it
 * survives.
 */
export async function clearFederation(
  work: Work,
  { found, signal }: HeldFederation,
  reached: ReadonlyMap<string, Kube>,
): Promise<string[]> {
  const { job, inputs } = work
  try {
    return await clearHost({ ...work, job: { ...job, signal } }, found, reached)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof TenantsError) throw error
    const problem = `federation ${inputs.federation}: ${messageOf(error)}`
    if (!found.plan.hostGoes) return [problem]
    job.log.info(`${problem}. What there is of it goes with its clusters.`)
    return []
  }
}

/** Returns what is left in members that are dead, and whose clusters stay: those that kops did not make always do. */
async function clearHost(
  work: Work,
  federation: FoundFederation,
  reached: ReadonlyMap<string, Kube>,
): Promise<string[]> {
  const { api, plan, plane } = federation
  const left: string[] = []
  if (api !== undefined) {
    // A member that is dead never lets go of the app: it leaves first.
    const dead = plan.members.filter(({ name }) => !reached.has(name))
    const { clusters, scope } = work.inputs
    const goes = (name: string) =>
      scope.has('clusters') && clusters.some(one => one.name === name && one.provider === 'kops')
    const rest = await unjoinMembers(work, api, dead, reached)
    left.push(...rest.flatMap(({ name, text }) => (goes(name) ? [] : [text])))
    if (plan.app) await removeFederatedApp(work, federation, api, reached)
    const living = plan.members.filter(({ name }) => reached.has(name))
    await unjoinMembers(work, api, living, reached)
  }
  if (plan.plane !== undefined) await removePlane(work, plan.plane, federation)
  // The next run finds it silent, if this one dies: that nobody else had anything in it is known now.
  else if (plan.hostGoes && plane.claim.kind === 'ours') await recordRemoval(plane.claim.owned)
  return left
}
