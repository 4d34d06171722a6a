import { loadBalancerNames } from '@meridian/aws'
import type { Identity } from '@meridian/identity'
import {
  certificateEnd,
  connectFederation,
  exposeApi,
  installControlPlane,
  isExposed,
  isOlderInstallation,
  isPassing,
  markOlderMembers,
  readDefinitions,
  repairControlPlane,
  upgradeControlPlane,
  waitControlPlane,
  waitFederationAnswers,
  writeRecord,
} from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { type Job, messageOf, UserError } from '@meridian/runner'
import { findTool, karmadactlRequest } from '@meridian/tools'
import type { Inputs } from '../inputs.ts'
import { fetchDefinitions } from './fetch-definitions.ts'
import type { Plane } from './read-control-plane.ts'

/** Brings the control plane to be as it should, and waits until all of it runs and answers. */
export async function ensurePlane(
  job: Job,
  inputs: Inputs,
  plane: Plane,
  identity: Identity,
): Promise<{ federation: Kube; changed: boolean }> {
  const { host, region, step } = plane
  if (host === undefined) {
    if (plane.federation === undefined) throw new Error('there is no control plane to use')
    await waitFederationAnswers(job, plane.federation)
    warnOfEnd(job, plane.federation)
    return { federation: plane.federation, changed: false }
  }
  const made = step === 'install' || step === 'repair'
  if (made) await install(job, inputs, { host, region, step }, identity)
  else job.exists(`Karmada control plane in ${host.context}`)
  await waitControlPlane(job, host)
  const changed = await expose(job, inputs, plane, host)
  const federation = await connectFederation(job, host, inputs.name)
  await waitFederationAnswers(job, federation, { admission: made })
  warnOfEnd(job, federation)
  if (step === 'upgrade') await upgrade(job, inputs, host, federation)
  const claimed = await completeRecord(plane, { host, federation, made, identity })
  return { federation, changed: step !== 'use' || changed || claimed }
}

/** Of a control plane that is nobody's the load balancer stays as it is too. */
async function expose(job: Job, inputs: Inputs, { step, claim }: Plane, host: Kube): Promise<boolean> {
  const ranges = inputs.apiAllowedCidrs ?? []
  if (step !== 'use' || claim?.kind === 'ours') return (await exposeApi(job, host, ranges)).changed
  if (!(await isExposed(host, ranges)))
    job.log.warning(
      `The control plane in ${host.context} was not installed by this environment: the load balancer of its API stays as it is.`,
    )
  return false
}

const noticeMilliseconds = 30 * 24 * 3_600_000

function warnOfEnd(job: Job, federation: Kube): void {
  const end = certificateEnd(federation)
  if (end === undefined || end.getTime() - Date.now() > noticeMilliseconds) return
  job.log.warning(
    `The certificate by which the federation is administered ends at ${end.toISOString()}, and Karmada does not renew it. Renew its certificates before that, or make the control plane anew.`,
  )
}

type Place = { host: Kube; region: string; step: 'install' | 'repair' }

async function install(
  job: Job,
  inputs: Inputs,
  { host, region, step }: Place,
  identity: Identity,
): Promise<void> {
  const tool = await findTool(karmadactlRequest(inputs), job)
  const place = `${host.context} (${region})`
  const attempt = async () => {
    await writeRecord(host, { state: 'installing', version: tool.version }, identity)
    // A karmadactl of one's own gets them by itself, as it always does.
    const own = tool.pinned !== true && inputs.karmadaCrds === undefined
    const definitions = own ? undefined : (await fetchDefinitions(job, inputs)).archive
    await installControlPlane(job, host, tool, {
      ...{ etcd: inputs.etcdStorage, names: loadBalancerNames(region), definitions },
    })
  }
  const work = async () => {
    if (step === 'repair') await repairControlPlane(job, host, tool)
    try {
      await attempt()
    } catch (error) {
      job.signal.throwIfAborted()
      if (!isPassing(error)) throw error
      job.log.info(`${messageOf(error)}: what was made is removed, and it is tried once more.`)
      // Where not even that succeeds, the first error says more.
      await repairControlPlane(job, host, tool).catch(() => Promise.reject(error))
      await attempt()
    }
  }
  await job.log.group(`Installing Karmada ${tool.version} in ${place}`, work).catch(error => {
    job.signal.throwIfAborted()
    throw new UserError(`Karmada could not be installed in ${place}: ${messageOf(error)}`, {
      fix: error instanceof UserError ? error.fix : 'Run this again: what was made is removed first.',
      cause: error,
    })
  })
}

async function upgrade(job: Job, inputs: Inputs, host: Kube, federation: Kube): Promise<void> {
  const version = inputs.karmadaVersion
  await job.log.group(`Upgrading to Karmada ${version} in ${host.context}`, async () => {
    const { directory } = await fetchDefinitions(job, inputs)
    const definitions = await readDefinitions(directory, federation)
    await upgradeControlPlane(job, host, federation, { version, definitions })
    await waitFederationAnswers(job, federation, { admission: true })
  })
}

type Completion = { host: Kube; federation: Kube; made: boolean; identity: Identity }

/**
 * From here on a control plane that lacks a part is one that has lost it. One of version 0.1 gets its mark, its members
 * first: afterwards a member without mark is one that was joined by other means. Those of others are left unmarked.
 */
async function completeRecord(
  { found, step, version, claim }: Plane,
  { host, federation, made, identity }: Completion,
): Promise<boolean> {
  const record = found?.state === 'whole' ? found.record : undefined
  if (!made && claim?.kind !== 'ours') return false
  if (claim !== undefined && !made) await markOlderMembers(federation, identity, claim)
  const older = isOlderInstallation(claim)
  if (made || older || record?.state === 'installing' || step === 'upgrade')
    await writeRecord(host, { state: 'installed', version }, identity)
  return older
}
