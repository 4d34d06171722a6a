import {
  type ControlPlane,
  detectControlPlane,
  installControlPlane,
  repairControlPlane,
  waitControlPlane,
} from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import { findTool } from '@meridian/tools'
import type { Inputs } from './inputs.ts'

export type UsableControlPlane = Exclude<ControlPlane, { state: 'foreign' }>

/** What is in the host cluster; throws a UserError for what this action must not touch. */
export async function readControlPlane(job: Job, host: Kube): Promise<UsableControlPlane> {
  const found = await detectControlPlane(host)
  if (found.state === 'foreign') {
    throw new UserError(`${host.context} holds a Karmada of other origin: ${found.reason}`, {
      fix: 'Choose another host, or remove that control plane by the means it was installed with.',
      input: 'host',
    })
  }
  if (found.state === 'partial' && found.exposed) {
    throw new UserError(
      `the control plane in ${host.context} was whole once and now lacks ${found.missing.join(', ')}`,
      {
        fix: 'Repairing it would start from nothing and forget its members: restore what is missing, or run teardown with scope federation and then this again.',
      },
    )
  }
  if (found.state === 'partial')
    job.log.info(`An installation was cut short, it lacks ${found.missing.join(', ')}.`)
  return found
}

/** Installs or repairs what is needed and waits until every component runs. True if it had to be made. */
export async function ensureControlPlane(
  job: Job,
  host: Kube,
  found: UsableControlPlane,
  inputs: Inputs,
): Promise<boolean> {
  const made = found.state !== 'whole'
  if (made) {
    const request = { version: inputs.karmadaVersion, path: inputs.karmadactlPath }
    const tool = await findTool({ name: 'karmadactl', ...request }, job)
    await job.log.group(`Installing Karmada ${tool.version} in ${host.context}`, async () => {
      if (found.state === 'partial') await repairControlPlane(job, host, tool)
      await installControlPlane(job, host, tool, { etcd: inputs.etcdStorage })
    })
  } else {
    job.exists(`Karmada control plane in ${host.context}`)
  }
  const version = await waitControlPlane(job, host)
  if (version !== undefined && version !== inputs.karmadaVersion) {
    job.log.warning(
      `The control plane in ${host.context} is Karmada ${version}, not ${inputs.karmadaVersion}: it is used as it is.`,
    )
  }
  return made
}
