import { readFile } from 'node:fs/promises'
import { connectKube, type Kube } from '@meridian/kube'
import { type LabClusters, type Name, startClusters } from '@meridian/lab-universe/testing'
import { testJob } from '@meridian/runner/testing'
import { findTool } from '@meridian/tools'
import { expect } from 'vitest'
import {
  connectFederation,
  exposeApi,
  installControlPlane,
  waitControlPlane,
  waitFederationAnswers,
} from '../src/index.ts'

export type Federation = {
  lab: LabClusters
  job: ReturnType<typeof testJob>
  host: Kube
  /** By the name of its context. */
  connect(context: Name): Promise<Kube>
  store: NonNullable<ReturnType<LabClusters['universe']['clusters']['clusters']>[number]>['store']
}

/** Clusters without a control plane; the first of them is its host. */
export async function start(names: readonly Name[]): Promise<Federation> {
  const lab = await startClusters(names)
  const job = testJob({ env: lab.env, userAgent: 'meridian-federate/0.1.0' })
  const connect = async (context: Name) =>
    connectKube(await readFile(lab.env.KUBECONFIG ?? '', 'utf8'), { ...job, context })
  const store = lab.universe.clusters.clusters().find(({ spec }) => spec.name.startsWith('usa.'))?.store
  if (store === undefined) throw new Error('the host does not serve')
  return { lab, job, host: await connect('usa'), connect, store }
}

export const findKarmadactl = ({ job }: Federation) =>
  findTool({ name: 'karmadactl', version: '1.18.2' }, job)

/** Installs a control plane in the host, as federate does. */
export async function install(given: Federation): Promise<Kube> {
  const { job, host } = given
  await installControlPlane(job, host, await findKarmadactl(given), { etcd: 'pvc', names: [] })
  expect(await waitControlPlane(job, host)).toBe('1.18.2')
  await exposeApi(job, host, [])
  const federation = await connectFederation(job, host, 'fed')
  await waitFederationAnswers(job, federation)
  return federation
}
