import { fileURLToPath } from 'node:url'
import {
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { type Aws, connectAws } from '@meridian/aws'
import { s3 } from '@meridian/aws/clients'
import { clusterFolder, parseStore } from '@meridian/identity'
import type { Kops } from '@meridian/kops'
import { inputVariables, readActionFile } from '@meridian/lab-runner/action-file'
import { labBoundary, startUniverse, type Universe } from '@meridian/lab-universe'
import type { Job } from '@meridian/runner'
import { testJob } from '@meridian/runner/testing'
import { vi } from 'vitest'
import { bringUp } from '../src/apply/create-or-update.ts'
import { readInputs } from '../src/inputs.ts'
import { type BroughtUp, undertake } from '../src/plan/granted-plan.ts'

const action = await readActionFile(fileURLToPath(new URL('..', import.meta.url)))

/** What happens to the requests that a run sends with AWS's SDK, of which `number` is the count, from 1. */
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
    given?: {
      inputs?: Record<string, string>
      interrupt?: Interruption
      attempt?: number
      job?: Partial<Job>
    },
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
    async bringUp(name, { inputs: extra, interrupt, attempt = 1, job: given } = {}) {
      const env = { ...universe.env, GITHUB_RUN_ATTEMPT: String(attempt) }
      const job = testJob({ action: name, userAgent: `meridian-${name}/0.0.0`, env, ...given })
      const wanted = {
        name,
        domain: universe.domain,
        zones: 'us-east-1a',
        'permissions-boundary': labBoundary,
        ...extra,
      }
      const inputs = readInputs(inputVariables(action, wanted).env)
      const connected = await connectAws(job, {})
      const aws = interrupt ? interruptible(connected, interrupt) : connected
      const { bucket, path } = parseStore(inputs.cluster.stateStore)
      const folder = clusterFolder({ path }, inputs.cluster.fullName)
      const kops = savingKops(observer, { bucket, folder }, command => commands.push({ name, command }))
      return bringUp(await undertake(inputs, { aws, kops }, job))
    },
    describe: name => describeBucket(universe, observer, bucketOf(name), name),
    commands: name => commands.filter(each => each.name === name).map(({ command }) => command),
    [Symbol.asyncDispose]: async () => {
      vi.unstubAllEnvs()
      await universe.close()
    },
  }
}

/** Requests as they leave the SDK: its repetitions are requests of their own. */
function interruptible(aws: Aws, interrupt: Interruption): Aws {
  let count = 0
  return {
    ...aws,
    settings(region) {
      const settings = aws.settings(region)
      const { requestHandler } = settings
      const counted = Object.create(requestHandler) as typeof requestHandler
      counted.handle = (request, options) => {
        count += 1
        return interrupt(count, () => requestHandler.handle(request, options)) as ReturnType<
          typeof requestHandler.handle
        >
      }
      return { ...settings, requestHandler: counted }
    },
  }
}

const saved = [
  'config',
  'instancegroup/control-plane-us-east-1a',
  'instancegroup/nodes-us-east-1a',
  'cluster-completed.spec',
  'kops-version.txt',
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

function savingKops(
  client: S3Client,
  { bucket, folder }: { bucket: string; folder: string },
  tell: (command: string) => void,
): Kops {
  return {
    version: '1.36.2',
    async run(_, args) {
      const command = args.slice(0, 2).join(' ')
      if (!(command in objects)) tell(command)
      if (command === 'create cluster') {
        for (const key of saved) {
          const Body = key === 'config' ? JSON.stringify(objects['get cluster']) : '1.36.2'
          await client.send(new PutObjectCommand({ Bucket: bucket, Key: folder + key, Body }))
        }
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
  const claim = await client.send(
    new GetObjectCommand({ Bucket, Key: `${name}.${universe.domain}.claim.json` }),
  )
  return {
    claim: Object.keys(JSON.parse((await claim.Body?.transformToString()) ?? '')),
    tags: Object.keys(bucket?.tags ?? {}).sort(),
    access: (await client.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration,
    encryption: (await client.send(new GetBucketEncryptionCommand({ Bucket })))
      .ServerSideEncryptionConfiguration,
    versioning: (await client.send(new GetBucketVersioningCommand({ Bucket }))).Status,
    keys: Contents.map(({ Key = '' }) => Key.replaceAll(`${name}.${universe.domain}`, 'cluster')),
  }
}
