import { mkdir, writeFile } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { type Aws, route53 } from '@meridian/aws'
import { findZone } from '@meridian/dns'
import { birthTags } from '@meridian/identity'
import type { ClusterSpec } from '@meridian/kops'
import type { Job } from '@meridian/runner'
import type { Inputs } from './inputs.ts'

/** The birth certificate of what this run makes. */
export function certify(
  inputs: Inputs,
  job: Pick<Job, 'run' | 'env' | 'version'>,
  now: Date,
): Record<string, string> {
  const pullRequest = /^refs\/pull\/(\d+)\//.exec(job.env.GITHUB_REF ?? '')?.[1]
  const tags = birthTags({
    identity: inputs,
    repository: job.run.repository,
    run: job.run.url,
    createdAt: now,
    ...(inputs.ttl !== undefined && { expiresAt: new Date(now.getTime() + inputs.ttl) }),
    version: job.version,
    ...(pullRequest !== undefined && { pullRequest: Number(pullRequest) }),
  })
  const all = { ...Object.fromEntries(inputs.tags ?? []), ...tags }
  // Outside GitHub there is no repository and no run.
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
}

/** What kops is to build. Looks up the hosted zone if the API is to have a name in it; reads only. */
export async function specifyCluster(
  inputs: Inputs,
  labels: Record<string, string>,
  job: Pick<Job, 'run' | 'scratch'>,
  aws: Aws,
): Promise<ClusterSpec> {
  return {
    fullName: inputs.cluster.fullName,
    stateStore: inputs.cluster.stateStore,
    zones: inputs.zones,
    kubernetesVersion: inputs.kubernetesVersion,
    controlPlane: { count: inputs.controlPlaneCount, size: inputs.controlPlaneSize },
    nodes: { count: inputs.nodeCount, size: inputs.nodeSize },
    networking: inputs.networking,
    topology: inputs.topology,
    dnsZone: inputs.dns === 'zone' ? await findDnsZone(aws, inputs) : undefined,
    sshPublicKey: await placePublicKey(inputs.sshPublicKey, job),
    apiAccess: inputs.apiAccess,
    image: inputs.image,
    channel: inputs.channel,
    set: inputs.set,
    labels,
  }
}

/** kops refuses a name that two zones have, but takes the id of one. */
async function findDnsZone(aws: Aws, inputs: Inputs): Promise<string> {
  const zone = await findZone(route53(aws), { fqdn: inputs.cluster.fullName, domain: inputs.domain })
  return zone.privateTwins.length > 0 ? zone.id : zone.name
}

/** kops takes the path of a key only. */
async function placePublicKey(
  given: string | undefined,
  job: Pick<Job, 'run' | 'scratch'>,
): Promise<string | undefined> {
  if (given === undefined) return undefined
  if (!/^(ssh|ecdsa|sk)-\S+ /.test(given))
    return isAbsolute(given) ? given : resolve(job.run.workspace, given)
  const directory = join(await job.scratch(), 'ssh')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, 'key.pub')
  await writeFile(file, `${given.trim()}\n`, { mode: 0o600 })
  return file
}
