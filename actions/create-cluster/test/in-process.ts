import { fileURLToPath } from 'node:url'
import {
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { connectAws, s3 } from '@meridian/aws'
import type { Kops } from '@meridian/kops'
import { startUniverse, type Universe } from '@meridian/lab'
import type { Job } from '@meridian/runner'
import { testJob } from '@meridian/runner/testing'
import { vi } from 'vitest'
import { inputVariables, readActionFile } from '../../../lab/runner/action-file.ts'
import { type BroughtUp, bringUp } from '../src/bring-up.ts'
import { certify, specifyCluster } from '../src/cluster-spec.ts'
import { readInputs } from '../src/inputs.ts'

const action = await readActionFile(fileURLToPath(new URL('..', import.meta.url)))

/** What happens to a run's requests of S3, of which `number` is the count, from 1. */
export type Interruption = (number: number, carryOut: () => Promise<unknown>) => Promise<unknown>

class Killed extends Error {}

/** The process is gone at request `at`: nothing that it would still send arrives. */
export const killedAt =
  (at: number, moment: 'before' | 'after'): Interruption =>
  async (number, carryOut) => {
    if (number < at) return carryOut()
    if (number === at && moment === 'after') await carryOut()
    throw new Killed()
  }

export type Lab = AsyncDisposable & {
  universe: Universe
  /**
   * Brings a cluster up in this process, with a kops that does nothing but save what kops saves. A second run says
   * `attempt: 2`, as GitHub does, so that it need not wait for the first one's lease to end.
   */
  bringUp(
    name: string,
    given?: { interrupt?: Interruption; attempt?: number; job?: Partial<Job> },
  ): Promise<BroughtUp>
  /** What there is of a cluster, in the same words for every cluster. */
  describe(name: string): Promise<unknown>
  /** What kops was asked for a cluster, as far as it changes something. */
  commands(name: string): string[]
}

export async function openLab(): Promise<Lab> {
  const universe = await startUniverse({ scale: 1_000_000 })
  for (const [name, value] of Object.entries(universe.env)) vi.stubEnv(name, value)
  const commands: { name: string; command: string }[] = []
  const observer = s3(await connectAws(testJob({ env: universe.env }), {}), 'us-east-1')
  const bucketOf = (name: string) => `${name}.${universe.domain}-state`
  return {
    universe,
    async bringUp(name, { interrupt, attempt = 1, job: given } = {}) {
      const env = { ...universe.env, GITHUB_RUN_ATTEMPT: String(attempt) }
      const job = testJob({ action: name, env, ...given })
      const inputs = readInputs(
        inputVariables(action, { name, domain: universe.domain, zones: 'us-east-1a' }).env,
      )
      const aws = await connectAws(job, {})
      const birth = certify(inputs, job, new Date())
      const spec = await specifyCluster(inputs, birth, job, aws)
      const client = s3(aws, 'us-east-1')
      if (interrupt) intercept(client, interrupt)
      const kops = savingKops(observer, bucketOf(name), command => commands.push({ name, command }))
      return bringUp(inputs, spec, birth, { s3: client, kops }, job)
    },
    describe: name => describeBucket(universe, observer, bucketOf(name), name),
    commands: name => commands.filter(each => each.name === name).map(({ command }) => command),
    [Symbol.asyncDispose]: async () => {
      vi.unstubAllEnvs()
      await universe.close()
    },
  }
}

function intercept(client: S3Client, interrupt: Interruption): void {
  let count = 0
  client.middlewareStack.add(
    next => args => {
      count += 1
      return interrupt(count, () => next(args)) as ReturnType<typeof next>
    },
    { step: 'finalizeRequest', name: 'interrupt', priority: 'low' },
  )
}

const saved = [
  'config',
  'instancegroup/control-plane-us-east-1a',
  'instancegroup/nodes-us-east-1a',
  'cluster-completed.spec',
]
const objects: Record<string, unknown> = {
  'get cluster': {
    spec: {
      kubernetesVersion: '1.35.7',
      networking: { cilium: {} },
      subnets: [{ name: 'us-east-1a', zone: 'us-east-1a', type: 'Public' }],
      topology: { dns: { type: 'None' } },
    },
  },
  'get instancegroups': ['Master', 'Node'].map(role => ({
    metadata: { name: role },
    spec: { role, machineType: 't3.medium', minSize: 1, maxSize: 1, subnets: ['us-east-1a'] },
  })),
}

function savingKops(client: S3Client, Bucket: string, tell: (command: string) => void): Kops {
  return {
    version: '1.36.2',
    async run(cluster, args) {
      const command = args.slice(0, 2).join(' ')
      if (!(command in objects)) tell(command)
      if (command === 'create cluster') {
        for (const key of saved)
          await client.send(new PutObjectCommand({ Bucket, Key: `${cluster}/${key}`, Body: 'saved' }))
      }
      const stdout = command in objects ? JSON.stringify(objects[command]) : ''
      return { stdout, stderr: '', exitCode: 0, seconds: 0 }
    },
  }
}

async function describeBucket(
  universe: Universe,
  client: S3Client,
  Bucket: string,
  name: string,
): Promise<unknown> {
  const [bucket] = universe.world.inventory.list({ type: 'bucket', id: Bucket })
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }))
  return {
    tags: Object.keys(bucket?.tags ?? {}).sort(),
    access: (await client.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration,
    encryption: (await client.send(new GetBucketEncryptionCommand({ Bucket })))
      .ServerSideEncryptionConfiguration,
    versioning: (await client.send(new GetBucketVersioningCommand({ Bucket }))).Status,
    keys: Contents.map(({ Key = '' }) => Key.replaceAll(`${name}.${universe.domain}`, 'cluster')),
  }
}
