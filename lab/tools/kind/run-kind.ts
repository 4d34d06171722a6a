import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { KindAccess } from '@meridian/lab-clusters/kind'
import { stringify } from 'yaml'
import type { Command } from '../command.ts'
import { parseCommandLine } from '../command-line.ts'
import type { Flag } from '../flags.ts'
import { type Terminal, ToolError } from '../terminal.ts'
import { createWorldClient, type WorldClient } from '../world-client.ts'

/** The release that it stands in for; words and flags are this one's. */
const kindVersion = '0.33.0'

type Kind = Terminal & { world: WorldClient }
type KindCommand = Command<Kind>

const nameFlag: Flag = {
  name: 'name',
  short: 'n',
  kind: 'text',
  default: 'kind',
  usage: 'the cluster context name',
}
const kubeconfigFlag: Flag = {
  name: 'kubeconfig',
  kind: 'text',
  usage: 'sets kubeconfig path instead of $KUBECONFIG or $HOME/.kube/config',
}

const create: KindCommand = {
  name: 'create',
  about: 'Creates one of local Kubernetes cluster (cluster)',
  commands: [
    {
      name: 'cluster',
      about: "Creates a local Kubernetes cluster using Docker container 'nodes'",
      flags: [
        { ...nameFlag, usage: 'cluster name, overrides KIND_CLUSTER_NAME, config' },
        { name: 'image', kind: 'text', usage: 'node docker image to use for booting the cluster' },
        kubeconfigFlag,
        { name: 'wait', kind: 'duration', usage: 'The length of time to wait for control plane node' },
      ],
      async run({ flags }, tool) {
        const { world, err } = tool
        const name = flags.text('name')
        const version = /:v(\d+\.\d+\.\d+)/.exec(flags.text('image'))?.[1]
        if (!/^[a-z0-9.-]+$/.test(name))
          throw new ToolError(
            `'${name}' is not a valid cluster name, cluster names must match \`^[a-z0-9.-]+$\``,
          )
        err(`Creating cluster "${name}" ...\n`)
        const { status } = await world.ask('POST', '/_world/kind/clusters', { name, version })
        if (status === 409)
          throw new ToolError(
            `failed to create cluster: node(s) already exist for a cluster with the name "${name}"`,
          )
        await writeKubeconfig(name, tool, flags.text('kubeconfig'))
      },
    },
  ],
}

const remove: KindCommand = {
  name: 'delete',
  about: 'Deletes one of [cluster]',
  commands: [
    {
      name: 'cluster',
      about: 'Deletes a cluster',
      flags: [nameFlag, kubeconfigFlag],
      async run({ flags }, { world, err }) {
        const name = flags.text('name')
        err(`Deleting cluster "${name}" ...\n`)
        const { body } = await world.ask<{ deleted: boolean }>('DELETE', `/_world/kind/clusters/${name}`)
        if (body.deleted) err(`Deleted nodes: ["${name}-control-plane"]\n`)
      },
    },
  ],
}

async function writeKubeconfig(name: string, { world, env, err }: Kind, given: string): Promise<void> {
  const file = given || env.KUBECONFIG || join(env.HOME ?? '.', '.kube/config')
  const text = kubeconfigOf(name, await accessTo(world, name), false)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text, { mode: 0o600 })
  err(`Set kubectl context to "kind-${name}"\n`)
}

const get: KindCommand = {
  name: 'get',
  about: 'Gets one of [clusters, kubeconfig]',
  commands: [
    {
      name: 'clusters',
      about: 'Lists existing kind clusters by their name',
      async run(_call, { world, out, err }) {
        const { body } = await world.ask<{ names: string[] }>('GET', '/_world/kind/clusters')
        if (body.names.length === 0) err('No kind clusters found.\n')
        for (const name of body.names) out(`${name}\n`)
      },
    },
    {
      name: 'kubeconfig',
      about: 'Prints cluster kubeconfig',
      flags: [
        nameFlag,
        { name: 'internal', kind: 'flag', usage: 'use internal address instead of external' },
      ],
      async run({ flags }, { world, out }) {
        const name = flags.text('name')
        out(kubeconfigOf(name, await accessTo(world, name), flags.on('internal')))
      },
    },
  ],
}

const exporting: KindCommand = {
  name: 'export',
  about: 'Exports one of [kubeconfig, logs]',
  commands: [
    {
      name: 'kubeconfig',
      about: 'Exports cluster kubeconfig',
      flags: [nameFlag, kubeconfigFlag],
      run: async ({ flags }, tool) => writeKubeconfig(flags.text('name'), tool, flags.text('kubeconfig')),
    },
    {
      name: 'logs',
      operands: '[output-dir]',
      about: 'Exports logs to a tempdir or [output-dir] if specified',
      flags: [nameFlag],
      async run({ args: [directory = '.'], flags }, { world, err }) {
        await accessTo(world, flags.text('name'))
        await mkdir(directory, { recursive: true })
        await writeFile(join(directory, 'kind-version.txt'), `${versionLine}\n`)
        err(`Exporting logs for cluster "${flags.text('name')}" to:\n`)
      },
    },
  ],
}

const versionLine = `kind v${kindVersion} go1.26.8 linux/amd64`

const kind: KindCommand = {
  name: 'kind',
  about: 'kind is a tool for managing local Kubernetes clusters',
  persistent: [{ name: 'quiet', short: 'q', kind: 'flag', usage: 'silence all stderr output' }],
  commands: [
    create,
    remove,
    exporting,
    get,
    {
      name: 'version',
      about: 'Prints the kind CLI version',
      run: async (_call, { out }) => out(`${versionLine}\n`),
    },
  ],
}

/** Runs a command line of kind in the world that the terminal's environment names; resolves to the exit code. */
export async function runKind(argv: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(kind, argv, terminal.env)
  if (parsed.kind === 'help') {
    terminal.out(parsed.text)
    return 0
  }
  if (parsed.kind === 'wrong') {
    terminal.err(`ERROR: ${parsed.message}\n`)
    return 1
  }
  const world = createWorldClient(terminal.env.MERIDIAN_WORLD ?? '', `kind/${kindVersion}`)
  try {
    await parsed.command.run?.(parsed.call, { ...terminal, world })
    return 0
  } catch (error) {
    if (!(error instanceof ToolError)) throw error
    terminal.err(`ERROR: ${error.message}\n`)
    return 1
  }
}

async function accessTo(world: WorldClient, name: string): Promise<KindAccess> {
  const { status, body } = await world.ask<KindAccess>('GET', `/_world/kind/clusters/${name}`)
  if (status === 200) return body
  throw new ToolError(
    `could not locate any control plane nodes for cluster named '${name}'. Use the --name option to select a different cluster`,
  )
}

function kubeconfigOf(name: string, { port, ca, cert, key }: KindAccess, internal: boolean): string {
  const entry = `kind-${name}`
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const server = internal ? `https://${name}-control-plane:6443` : `https://127.0.0.1:${port}`
  return stringify({
    apiVersion: 'v1',
    clusters: [{ cluster: { 'certificate-authority-data': base64(ca), server }, name: entry }],
    contexts: [{ context: { cluster: entry, user: entry }, name: entry }],
    'current-context': entry,
    kind: 'Config',
    preferences: {},
    users: [
      {
        name: entry,
        user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) },
      },
    ],
  })
}
