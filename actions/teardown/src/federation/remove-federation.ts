import type { Owned } from '@meridian/identity'
import {
  detectControlPlane,
  type InstalledPlane,
  type JoinedMember,
  judgeObject,
  removeControlPlane,
  unjoinMember,
} from '@meridian/karmada'
import type { Kube, KubeObject } from '@meridian/kube'
import { messageOf } from '@meridian/runner'
import { findTool, karmadactlRequest } from '@meridian/tools'
import type { FoundFederation } from '../survey/federation.ts'
import { limitTime, type Work } from '../work.ts'
import { adviseRest } from './advise-rest.ts'

const unjoinMilliseconds = { answering: 120_000, silent: 20_000 }
const controlPlaneMilliseconds = 10 * 60_000

/**
 * Takes members out of the federation. One that does not answer is given a short time, and then taken out by force: it
 * cannot confirm that it let go. Returns what may be left in such ones. One that fails does not keep the others from
 * leaving.
 */
export async function unjoinMembers(
  work: Work,
  federation: Kube,
  members: readonly Owned<JoinedMember>[],
  reached: ReadonlyMap<string, Kube>,
): Promise<Rest[]> {
  const outcomes = await Promise.allSettled(
    members.map(member => unjoin(work, federation, member, reached.get(member.name))),
  )
  work.job.signal.throwIfAborted()
  const failures = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []))
  if (failures.length > 0) throw new Error(failures.map(messageOf).join('; '), { cause: failures[0] })
  return outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? outcome.value : []))
}

/** What may be left in a member that is dead, as a sentence. */
export type Rest = { readonly name: string; readonly text: string }

async function unjoin(
  { job, ledger, identity }: Work,
  federation: Kube,
  owned: Owned<JoinedMember>,
  member: Kube | undefined,
): Promise<Rest[]> {
  const { name } = owned
  const dead = member === undefined
  const timeout = dead ? unjoinMilliseconds.silent : unjoinMilliseconds.answering
  const isOwn = (object: KubeObject) => judgeObject(object, identity).kind === 'ours'
  const { outcome, left, own } = await unjoinMember(job, federation, owned, { member, timeout, dead, isOwn })
  // Also where it is gone already: nobody else takes it out while this run has the lease.
  ledger.deleted({ type: 'member', id: name })
  if (outcome === 'absent') return []
  const rest = left.length > 0 ? `; still in it: ${left.join(', ')}` : ''
  job.log.info(`${name} is out of the federation${outcome === 'forced' ? ', by force' : ''}${rest}.`)
  return dead
    ? [
        {
          name,
          text: `${name} is dead and was taken out of the federation all the same${rest}${adviseRest(name, left, own)}`,
        },
      ]
    : []
}

/** Removes the control plane with its load balancer and its volume. Another run that is doing it too is no failure. */
export async function removePlane(
  work: Work,
  plane: Owned<InstalledPlane>,
  { api, kube: host, plan }: FoundFederation,
): Promise<void> {
  const { inputs, ledger, identity } = work
  const job = limitTime(work.job, controlPlaneMilliseconds)
  const find = () => findTool(karmadactlRequest(inputs), job)
  const thing = { type: 'control-plane', id: `${inputs.federation} in ${host.context}` } as const
  const unasked = plan.hostGoes || inputs.force
  try {
    if (await removeControlPlane(job, plane, find, { identity, federation: api, unasked }))
      ledger.deleted(thing)
    else ledger.forget(thing)
  } catch (error) {
    job.signal.throwIfAborted()
    const { state } = await detectControlPlane(host)
    if (state !== 'absent') throw error
    ledger.deleted(thing)
  }
}
