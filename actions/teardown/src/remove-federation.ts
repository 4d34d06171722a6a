import {
  detectControlPlane,
  findFederation,
  listClusters,
  removeControlPlane,
  unjoinMember,
} from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { messageOf } from '@meridian/runner'
import { findTool, karmadactlRequest } from '@meridian/tools'
import { limitTime, type Work } from './work.ts'

const unjoinMilliseconds = { answering: 120_000, silent: 20_000 }
const controlPlaneMilliseconds = 10 * 60_000

/** The federation's own API; undefined if its host has none. Throws where it has one that does not answer. */
export async function reachFederation({ job, inputs }: Work, host: Kube): Promise<Kube | undefined> {
  const federation = await findFederation(job, host, inputs.federation)
  await federation?.request('GET', '/readyz', { timeout: 10_000 })
  return federation
}

/**
 * Takes members out of the federation, all or (with `only`) those of some names. One that does not answer is given a
 * short time, and then taken out by force: it cannot confirm that it let go. Returns what may be left in such ones.
 * One that fails does not keep the others from leaving.
 */
export async function unjoinMembers(
  work: Work,
  federation: Kube,
  members: ReadonlyMap<string, Kube>,
  only: (name: string) => boolean = () => true,
): Promise<string[]> {
  const joined = (await listClusters(federation)).map(({ metadata }) => metadata.name).filter(only)
  const outcomes = await Promise.allSettled(
    joined.map(name => unjoin(work, federation, name, members.get(name))),
  )
  work.job.signal.throwIfAborted()
  const failures = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []))
  if (failures.length > 0) throw new Error(failures.map(messageOf).join('; '), { cause: failures[0] })
  return outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? outcome.value : []))
}

/** Answers with what may be left in a member that is dead. */
async function unjoin(
  { job, inputs, ledger }: Work,
  federation: Kube,
  name: string,
  member: Kube | undefined,
): Promise<string[]> {
  // A cluster that is not one of ours is not expected to be within reach.
  const dead = member === undefined && inputs.clusters.some(cluster => cluster.name === name)
  const timeout = dead ? unjoinMilliseconds.silent : unjoinMilliseconds.answering
  const { outcome, left } = await unjoinMember(job, federation, name, { member, timeout, dead })
  if (outcome === 'absent') return []
  ledger.deleted({ type: 'member', id: name })
  const rest = left.length > 0 ? `; still in it: ${left.join(', ')}` : ''
  job.log.info(`${name} is out of the federation${outcome === 'forced' ? ', by force' : ''}${rest}.`)
  return dead ? [`${name} is dead and was taken out of the federation all the same${rest}`] : []
}

/** Removes the control plane with its load balancer and its volume. Another run that is doing it too is no failure. */
export async function removePlane(work: Work, host: Kube): Promise<void> {
  const { inputs, ledger } = work
  const job = limitTime(work.job, controlPlaneMilliseconds)
  const find = () => findTool(karmadactlRequest(inputs), job)
  const thing = { type: 'control-plane', id: `${inputs.federation} in ${host.context}` } as const
  try {
    if (await removeControlPlane(job, host, find)) ledger.deleted(thing)
  } catch (error) {
    job.signal.throwIfAborted()
    const { state } = await detectControlPlane(host)
    if (state !== 'absent') throw error
    ledger.deleted(thing)
  }
}
