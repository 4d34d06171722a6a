import { ToolError } from '../terminal.ts'
import { type Karmadactl, type KarmadactlCommand, userAgent } from './context.ts'
import { hostFlags } from './init-flags.ts'
import { createKubeClient, type KubeClient } from './kube-client.ts'
import { list } from './kube-objects.ts'
import { readConnection } from './kubeconfig.ts'
import { unlabelEtcdNodes } from './prepare-host.ts'

const collections = [
  '/apis/apps/v1 deployments',
  '/apis/apps/v1 statefulsets',
  '/api/v1 services',
  '/api/v1 secrets',
]

/** `karmadactl deinit` */
export const deinit: KarmadactlCommand = {
  name: 'deinit',
  about: 'Remove the Karmada control plane from the Kubernetes cluster.',
  flags: [
    ...hostFlags,
    {
      name: 'dry-run',
      kind: 'flag',
      usage: 'Run the command in dry-run mode, without making any server requests.',
    },
    { name: 'force', short: 'f', kind: 'flag', usage: 'Reset cluster without prompting for confirmation.' },
    {
      name: 'purge-namespace',
      kind: 'flag',
      usage:
        'Run the command with purge-namespace, the namespace which the Karmada components were installed will be deleted.',
    },
  ],
  async run({ flags }, tool) {
    if (!flags.on('force') && !(await isConfirmed())) {
      tool.out('\nCancelled.\n')
      return
    }
    const connection = await readConnection(flags.text('kubeconfig'), flags.text('context'), tool.env)
    const host = createKubeClient(connection, userAgent)
    try {
      await remove(tool, host, {
        namespace: flags.text('namespace'),
        dryRun: flags.on('dry-run'),
        purge: flags.on('purge-namespace'),
      })
    } finally {
      host.close()
    }
  },
}

type Removal = { namespace: string; dryRun: boolean; purge: boolean }

async function remove(
  tool: Karmadactl,
  host: KubeClient,
  { namespace, dryRun, purge }: Removal,
): Promise<void> {
  const place = `/api/v1/namespaces/${namespace}`
  const found = await host.ask('GET', place)
  if (found.status >= 300) throw new ToolError(found.message)
  for (const collection of collections) {
    const [root = '', plural = ''] = collection.split(' ')
    const path = `${root}/namespaces/${namespace}/${plural}`
    for (const { metadata } of await list(host, path, 'karmada.io/bootstrapping')) {
      tool.out(`delete ${plural} ${JSON.stringify(metadata.name)}\n`)
      if (!dryRun) await erase(host, `${path}/${metadata.name}`)
    }
  }
  if (purge) {
    tool.out(`delete namespace ${JSON.stringify(namespace)}\n`)
    if (!dryRun) await erase(host, place)
  }
  if (!dryRun) await unlabelEtcdNodes(host)
  tool.out('remove Karmada from Kubernetes successfully.\n')
}

async function erase(host: KubeClient, path: string): Promise<void> {
  const answer = await host.ask('DELETE', path)
  if (answer.status >= 300 && answer.status !== 404) throw new ToolError(answer.message)
}

async function isConfirmed(): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    for await (const line of terminal) return /^y(es)?$/i.test(line.trim())
    return false
  } finally {
    terminal.close()
  }
}
