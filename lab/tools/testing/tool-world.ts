import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Aws, createAws } from '@meridian/lab-aws'
import {
  type ClusterHost,
  type ClusterSpec,
  type ClusterView,
  createWorld,
  openFrontDoor,
  type World,
  type WorldOptions,
  worldControl,
} from '@meridian/lab-world'
import { installTools } from '../install-tools.ts'
import { fetchSigned } from '../kops/fetch-signed.ts'
import { captureKops } from '../kops/run-kops.ts'
import { serveCalls } from '../serve-calls.ts'

export type ToolRun = { exitCode: number; signal?: string; stdout: string; stderr: string }

export type ToolWorld = {
  world: World
  /** Clusters that the tools have started, by name; their view can be set. */
  clusters: Map<string, { spec: ClusterSpec; view: Partial<ClusterView> }>
  directory: string
  issueSession: Aws['issueSession']
  env: Record<string, string>
  run(tool: 'kops' | 'karmadactl', args: readonly string[], env?: Record<string, string>): Promise<ToolRun>
  /** Runs kops in this process, or as its own where faults of the world may kill it or teach it a wrong time. */
  kops(line: string, env?: Record<string, string>): Promise<ToolRun>
  s3(method: string, path: string, body?: string): Promise<{ status: number; text: string }>
  close(): Promise<void>
}

/**
 * A fast world with one hosted zone and an empty state bucket, whose clusters are only written down. With `callsHere` kops' executable
 * has its calls run in this process.
 */
export async function openToolWorld(
  options: WorldOptions & { callsHere?: boolean } = {},
): Promise<ToolWorld> {
  const world = createWorld({ scale: 10_000, ...options })
  const aws = createAws(world)
  aws.route53.addZone('k8s.example.com')
  const clusters: ToolWorld['clusters'] = new Map()
  const door = await openFrontDoor(world, {
    aws: aws.handler,
    control: { ...worldControl(world, hostOf(clusters)), ...aws.control },
  })
  const directory = await mkdtemp(join(tmpdir(), 'lab-tools-'))
  const calls = await serveCalls(door.url, () => options.callsHere ?? false)
  const bin = await installTools(directory, { frontDoorUrl: door.url, calls })
  const env = {
    AWS_ENDPOINT_URL: door.url,
    AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
    AWS_REGION: 'us-east-1',
    HOME: directory,
    KUBECONFIG: join(directory, 'kubeconfig'),
    PATH: process.env.PATH ?? '',
  }
  const run: ToolWorld['run'] = (tool, args, more = {}) =>
    runChild(join(bin, tool), args, { ...env, ...more })
  const toolWorld: ToolWorld = {
    world,
    clusters,
    directory,
    issueSession: aws.issueSession,
    env,
    run,
    kops(line, more = {}) {
      const args = line.split(/\s+/).filter(Boolean)
      if (options.faults?.length) return run('kops', args, more)
      return captureKops(args, { ...env, MERIDIAN_WORLD: door.url, ...more })
    },
    s3: (method, path, body) => sendS3(door.url, aws.credentials, method, path, body),
    async close() {
      calls?.close()
      await door.close()
      world.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
  await makeBucket(door.url, aws.credentials, 'state')
  return toolWorld
}

function hostOf(clusters: ToolWorld['clusters']): ClusterHost {
  return {
    start: async spec => void clusters.set(spec.name, { spec, view: {} }),
    view(name) {
      const found = clusters.get(name)
      if (!found) return undefined
      const { apiHost, authority } = found.spec
      return {
        name,
        apiHost,
        authority: authority.certificate,
        resolves: false,
        serving: false,
        nodes: [],
        pending: [],
        ...found.view,
      }
    },
    drain: () => ({ evicted: [], refused: [] }),
    stop: async name => void clusters.delete(name),
    stopAll: async () => clusters.clear(),
  }
}

/** Runs an executable to its end. */
export function runChild(
  file: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<ToolRun> {
  return new Promise(resolve => {
    const child = execFile(file, [...args], { env }, (error, stdout, stderr) => {
      const exitCode = error ? (typeof error.code === 'number' ? error.code : 1) : 0
      resolve({ exitCode, ...(error?.signal && { signal: error.signal }), stdout, stderr })
    })
    child.stdin?.end()
  })
}

async function sendS3(
  url: string,
  credentials: { accessKeyId: string; secretAccessKey: string },
  method: string,
  path: string,
  body?: string,
): Promise<{ status: number; text: string }> {
  const signer = { credentials: async () => credentials, service: 's3', region: 'us-east-1', retries: 0 }
  const response = await fetchSigned(signer, `${url}${path}`, { method, ...(body !== undefined && { body }) })
  return { status: response.status, text: await response.text() }
}

/** Creates a bucket in us-east-1. */
export async function makeBucket(
  url: string,
  credentials: { accessKeyId: string; secretAccessKey: string },
  bucket: string,
): Promise<void> {
  const { status, text } = await sendS3(url, credentials, 'PUT', `/${bucket}`)
  if (status !== 200) throw new Error(`no bucket ${bucket}: ${text}`)
}
