import { access, constants, mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Aws } from '@meridian/aws'
import { route53 } from '@meridian/aws/clients'
import { findZone } from '@meridian/dns'
import { type Mark, writeTags } from '@meridian/identity'
import { type Asked, type ClusterSpec, defaultKubernetesVersion } from '@meridian/kops'
import { type Job, messageOf, UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'

/** What was given of a cluster: all else is left to what is there. */
export function askedOf(inputs: Inputs): Asked {
  const { kubernetesVersion, controlPlaneCount, controlPlaneSize, nodeCount, nodeSize, spot } = inputs
  const {
    zones,
    networking,
    topology,
    dns,
    apiAccess,
    sshAccess,
    image,
    channel,
    permissionsBoundary,
    tags,
  } = inputs
  return {
    ...{ kubernetesVersion, controlPlaneCount, controlPlaneSize, nodeCount, nodeSize, spot },
    ...{ zones, networking, topology, dns, apiAccess, sshAccess, image, channel, permissionsBoundary, tags },
  }
}

/** What a new cluster has where nothing else was given. */
const usual = { count: 1, size: 't3.medium', networking: 'cilium', topology: 'public' } as const

/** The instance types of a new cluster, by the inputs that choose them; several with commas between them. */
export const sizesOf = ({ controlPlaneSize, nodeSize }: Inputs) => ({
  'control-plane-size': controlPlaneSize ?? usual.size,
  'node-size': nodeSize ?? usual.size,
})

/** What kops is to build anew. Looks up the hosted zone if the API is to have a name in it; reads only. */
export async function specifyCluster(
  inputs: Inputs,
  mark: Mark,
  job: Pick<Job, 'run' | 'scratch'>,
  aws: Aws,
): Promise<ClusterSpec> {
  const { cluster, sshPublicKey, apiAccess, image, channel, permissionsBoundary, set } = inputs
  const sizes = sizesOf(inputs)
  return {
    fullName: cluster.fullName,
    stateStore: cluster.stateStore,
    zones: cluster.zones,
    kubernetesVersion: inputs.kubernetesVersion ?? defaultKubernetesVersion,
    controlPlane: { count: inputs.controlPlaneCount ?? usual.count, size: sizes['control-plane-size'] },
    nodes: {
      count: inputs.nodeCount ?? usual.count,
      size: sizes['node-size'],
      spot: inputs.spot ?? false,
    },
    networking: inputs.networking ?? usual.networking,
    topology: inputs.topology ?? usual.topology,
    dnsZone: inputs.dns === 'zone' ? await findDnsZone(aws, inputs) : undefined,
    sshPublicKey: await placePublicKey(sshPublicKey, job),
    ...{ apiAccess, image, channel, permissionsBoundary, set },
    sshAccess: inputs.sshAccess ?? [],
    labels: { ...Object.fromEntries(inputs.tags ?? []), ...writeTags(mark) },
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
  if (!/^(ssh|ecdsa|sk)-\S+ /.test(given)) return findPublicKey(resolve(job.run.workspace, given))
  const directory = join(await job.scratch(), 'ssh')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, 'key.pub')
  await writeFile(file, `${given.trim()}\n`, { mode: 0o600 })
  return file
}

/** kops reads it after it has saved the cluster. */
async function findPublicKey(path: string): Promise<string> {
  try {
    await access(path, constants.R_OK)
    return path
  } catch (error) {
    throw new UserError(`input ssh-public-key: '${path}' cannot be read: ${messageOf(error)}`, {
      fix: 'Check out the repository before this step and give the path from its root, or give the key itself. Nothing has been changed.',
      input: 'ssh-public-key',
    })
  }
}
