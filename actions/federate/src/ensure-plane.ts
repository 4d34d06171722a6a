import {
  certificateEnd,
  connectFederation,
  exposeApi,
  installControlPlane,
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
import type { Plane } from './control-plane.ts'
import { fetchDefinitions } from './fetch-definitions.ts'
import type { Inputs } from './inputs.ts'

/** Brings the control plane to be as it should, and waits until all of it runs and answers. */
export async function ensurePlane(
  job: Job,
  inputs: Inputs,
  plane: Plane,
): Promise<{ federation: Kube; changed: boolean }> {
  const { host, region, step } = plane
  if (host === undefined) {
    if (plane.federation === undefined) throw new Error('there is no control plane to use')
    await waitFederationAnswers(job, plane.federation)
    warnOfEnd(job, plane.federation)
    return { federation: plane.federation, changed: false }
  }
  const made = step === 'install' || step === 'repair'
  if (made) await install(job, inputs, { host, region, step })
  else job.exists(`Karmada control plane in ${host.context}`)
  await waitControlPlane(job, host)
  const exposed = await exposeApi(job, host, inputs.apiAllowedCidrs ?? [])
  const federation = await connectFederation(job, host, inputs.name)
  await waitFederationAnswers(job, federation, { admission: made })
  warnOfEnd(job, federation)
  if (step === 'upgrade') await upgrade(job, inputs, host, federation)
  await completeRecord(plane, host, made)
  return { federation, changed: step !== 'use' || exposed.changed }
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

async function install(job: Job, inputs: Inputs, { host, region, step }: Place): Promise<void> {
  const tool = await findTool(karmadactlRequest(inputs), job)
  const place = `${host.context} (${region})`
  const work = async () => {
    if (step === 'repair') await repairControlPlane(job, host, tool)
    await writeRecord(host, { state: 'installing', version: tool.version })
    // A karmadactl of one's own gets them by itself, as it always does.
    const own = tool.pinned !== true && inputs.karmadaCrds === undefined
    const definitions = own ? undefined : (await fetchDefinitions(job, inputs)).archive
    await installControlPlane(job, host, tool, { etcd: inputs.etcdStorage, region, definitions })
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

/** From here on a control plane that lacks a part is one that has lost it. Those of others are left unmarked. */
async function completeRecord({ found, step, version }: Plane, host: Kube, made: boolean): Promise<void> {
  const record = found?.state === 'whole' ? found.record : undefined
  const due = made || (record !== undefined && (record.state === 'installing' || step === 'upgrade'))
  if (due) await writeRecord(host, { state: 'installed', version })
}
