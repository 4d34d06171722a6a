import { ToolError } from '../terminal.ts'
import { bootstrapKarmada } from './bootstrap-karmada.ts'
import type { Certificates } from './certificates.ts'
import { type Karmadactl, type KarmadactlCommand, userAgent } from './context.ts'
import { fetchDefinitions } from './fetch-definitions.ts'
import { hostSecrets } from './host-secrets.ts'
import { aggregatedObjects, apiServerObjects, componentObjects, etcdObjects } from './host-workloads.ts'
import { initFlags, karmadaVersion } from './init-flags.ts'
import { type InitOptions, readInitOptions } from './init-options.ts'
import { createKubeClient, type KubeClient, type KubeObject } from './kube-client.ts'
import { create, createOrUpdate } from './kube-objects.ts'
import { readConnection } from './kubeconfig.ts'
import {
  apiAddresses,
  checkNodePort,
  labelEtcdNode,
  prepareDirectories,
  writeLocalFiles,
} from './prepare-host.ts'
import { waitReady } from './wait-ready.ts'

/** `karmadactl init` */
export const init: KarmadactlCommand = {
  name: 'init',
  about: 'Install the Karmada control plane in a Kubernetes cluster',
  flags: initFlags,
  async run({ flags }, tool) {
    const options = readInitOptions(flags)
    const connection = await readConnection(options.kubeconfig, options.context, tool.env)
    tool.log('I', 'deploy.go:268', `kubeconfig file: ${options.kubeconfig}, kubernetes: ${connection.server}`)
    const host = createKubeClient(connection, userAgent)
    try {
      await install(tool, host, options)
    } finally {
      host.close()
    }
  },
}

async function install(tool: Karmadactl, host: KubeClient, options: InitOptions): Promise<void> {
  await checkNodePort(host, options.port)
  if (options.etcd.mode === 'hostPath') await labelEtcdNode(host)
  const addresses = await apiAddresses(host, options)
  tool.log('I', 'deploy.go:306', `karmada apiserver ip: [${addresses.join(' ')}]`)
  await prepareDirectories(options)
  // Loaded late: `version` and refusals need no certificates, and the library takes longer than the rest.
  const { createCertificates } = await import('./certificates.ts')
  const certificates = await createCertificates(options, addresses)
  for (const name of Object.keys(certificates))
    tool.log('I', 'cert.go:246', `Generate ${name} certificate success.`)
  await fetchDefinitions(options.crds, options.dataDirectory)
  const server = `https://${addresses[0]?.includes(':') ? `[${addresses[0]}]` : addresses[0]}:${options.port}`
  const config = await writeLocalFiles(options, certificates, server)
  tool.log('I', 'deploy.go:401', 'Create karmada kubeconfig success.')
  await installApi(tool, host, options, certificates)
  await fillApi(tool, options, config, certificates)
  await installComponents(tool, host, options)
  tool.out(banner(options, config))
}

async function installApi(
  tool: Karmadactl,
  host: KubeClient,
  options: InitOptions,
  certificates: Certificates,
) {
  const { namespace } = options
  const labels = { 'karmada.io/system': 'true' }
  await createOrUpdate(host, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } })
  tool.log('I', 'idempotency.go:279', `Namespace ${namespace} has been created or updated.`)
  for (const secret of hostSecrets(options, certificates)) {
    await createOrUpdate(host, secret)
    tool.log(
      'I',
      'idempotency.go:251',
      `Secret ${namespace}/${secret.metadata.name} has been created or updated.`,
    )
  }
  for (const objects of [etcdObjects(options), apiServerObjects(options), aggregatedObjects(options)]) {
    await installAndWait(tool, host, objects, options.readyTimeout)
  }
}

async function fillApi(tool: Karmadactl, options: InitOptions, config: string, certificates: Certificates) {
  const karmada = createKubeClient(await readConnection(config, '', tool.env), userAgent)
  try {
    await bootstrapKarmada(tool, karmada, options, certificates.ca.certificate)
  } finally {
    karmada.close()
  }
}

// From here on karmadactl only warns: whoever calls it must look at the Deployments.
async function installComponents(tool: Karmadactl, host: KubeClient, options: InitOptions): Promise<void> {
  for (const objects of componentObjects(options)) {
    try {
      await installAndWait(tool, host, objects, options.readyTimeout)
    } catch (error) {
      if (!(error instanceof ToolError)) throw error
      tool.log('W', 'deploy.go:520', error.message)
    }
  }
}

async function installAndWait(
  tool: Karmadactl,
  host: KubeClient,
  objects: readonly KubeObject[],
  timeout: number,
): Promise<void> {
  for (const object of objects) {
    const { kind, metadata } = object
    if (kind === 'Service') {
      await createOrUpdate(host, object)
      tool.log(
        'I',
        'idempotency.go:303',
        `Service ${metadata.namespace}/${metadata.name} has been created or updated.`,
      )
      continue
    }
    // A workload of an earlier attempt stays as it is, with the certificates it was started with.
    if (!(await create(host, object)))
      tool.log('W', 'deploy.go:452', `${kind} ${metadata.name} already exists`)
    await waitReady(tool, host, object, timeout)
  }
}

function banner({ namespace, etcd, port }: InitOptions, config: string): string {
  return `
Karmada ${karmadaVersion} is installed in namespace ${namespace}.
  API server   NodePort ${port}
  etcd         ${etcd.mode}, ${etcd.replicas} replica(s)
  kubeconfig   ${config}

Look at it:    kubectl --kubeconfig ${config} get clusters
Join a member: karmadactl --kubeconfig ${config} join NAME --cluster-kubeconfig FILE
`
}
