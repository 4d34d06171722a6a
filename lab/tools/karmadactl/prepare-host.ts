import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ToolError } from '../terminal.ts'
import type { Certificates } from './certificates.ts'
import { kubeconfigOf, pairFiles } from './host-secrets.ts'
import type { InitOptions } from './init-options.ts'
import type { KubeClient, KubeObject } from './kube-client.ts'
import { list } from './kube-objects.ts'

type Service = KubeObject & { spec?: { ports?: { nodePort?: number }[] } }
type Node = KubeObject & { status?: { addresses?: { address: string }[] } }

const etcdLabel = 'karmada.io/etcd'

/** Refuses to go on if any Service of the host has the port already. */
export async function checkNodePort(host: KubeClient, port: number): Promise<void> {
  const services: Service[] = await list(host, '/api/v1/services')
  const taken = services.some(({ spec }) => spec?.ports?.some(({ nodePort }) => nodePort === port))
  if (taken) throw new ToolError(`nodePort of karmada apiserver ${port} already exist`)
}

/** Marks a node for the etcd that keeps its data on it. */
export async function labelEtcdNode(host: KubeClient): Promise<void> {
  const nodes = await list(host, '/api/v1/nodes')
  const node = nodes.find(({ spec }) => !(spec as { taints?: unknown[] } | undefined)?.taints?.length)
  if (!node) throw new ToolError('unable to find an available node to deploy etcd')
  await setLabel(host, node, '')
}

/** Takes the mark from every node that has it. */
export async function unlabelEtcdNodes(host: KubeClient): Promise<void> {
  for (const node of await list(host, '/api/v1/nodes', etcdLabel)) await setLabel(host, node, null)
}

async function setLabel(host: KubeClient, node: KubeObject, value: string | null): Promise<void> {
  const body = { metadata: { labels: { [etcdLabel]: value } } }
  const answer = await host.ask('PATCH', `/api/v1/nodes/${node.metadata.name}`, body)
  if (answer.status >= 300) throw new ToolError(answer.message)
}

/** The addresses that the API server is called by: the given one, else those of control planes, else of nodes. */
export async function apiAddresses(host: KubeClient, { advertiseAddress }: InitOptions): Promise<string[]> {
  if (advertiseAddress !== '') return [advertiseAddress]
  const nodes: Node[] = await list(host, '/api/v1/nodes')
  const controlPlanes = nodes.filter(({ metadata }) =>
    ['master', 'control-plane'].some(
      role => metadata.labels?.[`node-role.kubernetes.io/${role}`] !== undefined,
    ),
  )
  const chosen = controlPlanes.length > 0 ? controlPlanes : nodes.slice(0, 3)
  const addresses = chosen.flatMap(({ status }) => status?.addresses?.[0]?.address ?? [])
  if (addresses.length === 0) throw new ToolError('karmada apiserver IP is empty')
  return addresses
}

/** Empties the data directory and makes it and the one for certificates anew. */
export async function prepareDirectories({ dataDirectory, pkiDirectory }: InitOptions): Promise<void> {
  try {
    await rm(dataDirectory, { recursive: true, force: true })
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
    await mkdir(pkiDirectory, { recursive: true, mode: 0o700 })
  } catch (error) {
    if (!(error instanceof Error && 'path' in error)) throw error
    throw new ToolError(`mkdir ${error.path}: permission denied`)
  }
}

/** Writes all key pairs, and the administrator's kubeconfig; returns the path of the latter. */
export async function writeLocalFiles(
  { dataDirectory, pkiDirectory }: InitOptions,
  certificates: Certificates,
  server: string,
): Promise<string> {
  for (const [name, pair] of Object.entries(certificates)) {
    for (const [file, content] of Object.entries(pairFiles(name, pair))) {
      await writeFile(join(pkiDirectory, file), content, { mode: 0o600 })
    }
  }
  const path = join(dataDirectory, 'karmada-apiserver.config')
  const config = kubeconfigOf({ name: 'karmada-apiserver', user: 'karmada-admin', server, certificates })
  await writeFile(path, config, { mode: 0o600 })
  return path
}
