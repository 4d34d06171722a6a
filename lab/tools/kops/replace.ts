import { readFile } from 'node:fs/promises'
import { parseAllDocuments } from 'yaml'
import { noArguments } from '../command-line.ts'
import { ToolError } from '../terminal.ts'
import type { Cluster, InstanceGroup } from './cluster-object.ts'
import { type KopsCommand, storeOf } from './context.ts'
import { checkSizes } from './edit-instance-group.ts'
import { findCluster, toYaml } from './registry.ts'
import type { StateStore } from './store.ts'

type SshKey = {
  kind: 'SSHCredential'
  metadata: { labels?: Record<string, string> }
  spec: { publicKey?: string }
}

/** `kops replace` */
export const replace: KopsCommand = {
  name: 'replace',
  operands: '{-f FILENAME}...',
  about: 'Replace cluster resources.',
  flags: [
    {
      name: 'filename',
      short: 'f',
      kind: 'list',
      usage: 'A list of one or more files separated by a comma.',
    },
    {
      name: 'force',
      kind: 'flag',
      usage: 'Force any changes, which will also create any non-existing resource',
    },
  ],
  check(args, flags) {
    return flags.given('filename') ? noArguments('kops replace')(args) : 'required flag(s) "filename" not set'
  },
  async run(call, kops) {
    const store = await storeOf(call, kops)
    for (const file of call.flags.list('filename')) {
      const text = await readFile(file, 'utf8').catch(error => {
        throw new ToolError(`error reading file ${JSON.stringify(file)}: ${error.message}`)
      })
      for (const document of parseAllDocuments(text)) {
        const object = document.toJS() as Cluster | InstanceGroup | SshKey | null
        if (object !== null) await replaceObject(store, object, call.flags.on('force'), file)
      }
    }
  },
}

async function replaceObject(
  store: StateStore,
  object: Cluster | InstanceGroup | SshKey,
  force: boolean,
  file: string,
): Promise<void> {
  if (object.kind === 'Cluster') return replaceCluster(store, object, force)
  if (object.kind !== 'InstanceGroup' && object.kind !== 'SSHCredential') {
    throw new ToolError(`unhandled kind "${(object as { kind: string }).kind}" in ${JSON.stringify(file)}`)
  }
  const cluster = object.metadata.labels?.['kops.k8s.io/cluster']
  if (!cluster) {
    const what = object.kind === 'InstanceGroup' ? 'instanceGroup' : object.kind
    throw new ToolError(`must specify "kops.k8s.io/cluster" label with cluster name to replace ${what}`)
  }
  if (!(await findCluster(store, cluster)))
    throw new ToolError(`cluster ${JSON.stringify(cluster)} not found`)
  if (object.kind === 'InstanceGroup') return replaceGroup(store, cluster, object, force)
  if (!object.spec.publicKey) throw new ToolError('spec.PublicKey is required')
  await store.write(`${cluster}/pki/ssh/public/admin/default`, object.spec.publicKey)
}

async function replaceCluster(store: StateStore, cluster: Cluster, force: boolean): Promise<void> {
  const { name } = cluster.metadata
  if (!force && !(await findCluster(store, name))) {
    throw new ToolError(`cluster ${name} does not exist (try adding --force flag)`)
  }
  await store.write(`${name}/config`, toYaml(cluster))
}

async function replaceGroup(
  store: StateStore,
  cluster: string,
  group: InstanceGroup,
  force: boolean,
): Promise<void> {
  const path = `${cluster}/instancegroup/${group.metadata.name}`
  if (!force && (await store.read(path)) === undefined) {
    throw new ToolError(`instanceGroup: ${group.metadata.name} does not exist (try adding --force flag)`)
  }
  checkSizes(group)
  await store.write(path, toYaml(group))
}
