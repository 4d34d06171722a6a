import { readFile, rm } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { AbsentClusterError } from '@meridian/aws'
import type { ClusterDescriptor } from '@meridian/identity'
import {
  connectKube,
  isUnreachable,
  type Kube,
  type Kubeconfig,
  type KubeObject,
  onlyContext,
  parseKubeconfig,
  renameContext,
  secretsOf,
} from '@meridian/kube'
import { type Job, messageOf, UserError } from '@meridian/runner'
import { childEnvironment, runTool, ToolFailure } from '@meridian/tools'

type KindJob = Pick<Job, 'env' | 'signal' | 'mask' | 'scratch' | 'userAgent'>

/** What tells kind and the program that it runs containers with where these are. */
const runtimeVariables = [
  'KIND_EXPERIMENTAL_PROVIDER',
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'CONTAINER_HOST',
  'XDG_RUNTIME_DIR',
]

/** Of a network of containers, which another machine than Linux may not reach: packets to it are not refused, but lost. */
const knockMilliseconds = 10_000

/**
 * Connects to a cluster that kind runs on this machine, by kind's own word: with its administrator's certificate, at the
 * address in the network of its containers, since that is where other clusters reach it too (127.0.0.1, which kind's kubeconfig
 * names, is in a pod the pod itself). Throws a UserError where kind, the cluster or that network is not there.
 */
export async function reachKind(job: KindJob, cluster: ClusterDescriptor): Promise<Kube> {
  const { name, kindName = name } = cluster
  const given = parseKubeconfig(await askKind(job, kindName))
  const kubeconfig = onlyContext(renameContext(given, given['current-context'], name), name)
  for (const secret of secretsOf(kubeconfig)) job.mask(secret)
  const connect = (config: Kubeconfig) =>
    connectKube(config, { context: name, userAgent: job.userAgent, signal: job.signal, env: job.env })
  const server = await readAddress(connect(kubeconfig), kindName)
  const clusters = kubeconfig.clusters.map(entry => ({ ...entry, cluster: { ...entry.cluster, server } }))
  const kube = connect({ ...kubeconfig, clusters })
  await knock(kube, kindName)
  return kube
}

/** By a file, since what a tool prints passes as it is nowhere: keys are taken out of it. */
async function askKind(job: KindJob, kindName: string): Promise<string> {
  const own = Object.fromEntries(runtimeVariables.map(variable => [variable, job.env[variable]]))
  const env = childEnvironment(job.env, own)
  const file = join(await job.scratch(), `${kindName}-${crypto.randomUUID()}.kind`)
  const args = ['export', 'kubeconfig', `--name=${kindName}`, `--kubeconfig=${file}`]
  try {
    await runTool({ name: 'kind', path: 'kind' }, args, { env, signal: job.signal })
    return await readFile(file, 'utf8')
  } catch (error) {
    throw error instanceof ToolFailure ? explainKind(error, kindName) : error
  } finally {
    await rm(file, { force: true })
  }
}

/** In kind 0.33's words, and the system's. Pure. */
function explainKind(failure: ToolFailure, kindName: string): UserError {
  const say = (message: string, fix: string) =>
    new UserError(message, { fix: `${fix} Nothing was changed.`, input: 'clusters', cause: failure })
  if (failure.exitCode === undefined)
    return say(
      `kind could not be started: ${failure.headline}`,
      'Clusters with provider: kind are asked for with the program kind, from PATH: install it (GitHub’s Ubuntu runners have it).',
    )
  if (failure.stderr.includes('could not locate any control plane nodes'))
    return new AbsentClusterError(`there is no kind cluster '${kindName}' on this machine`, {
      fix: `Make it in an earlier step of this job: \`kind create cluster --name ${kindName}\`. \`kind get clusters\` lists those that are there; kindName says what kind calls it.`,
      input: 'clusters',
      cause: failure,
    })
  return say(
    `kind could not tell of ${kindName}: ${failure.stderr.trim() || failure.message}`,
    'See to it that the container runtime runs and that this user may use it.',
  )
}

type EndpointSlice = KubeObject & {
  endpoints?: { addresses?: string[] }[] | null
  ports?: { port?: number }[] | null
}

/** Where the API server says that it is: each writes that into the slice behind the Service `kubernetes`. */
async function readAddress(kube: Kube, kindName: string): Promise<string> {
  const slice = await kube.get<EndpointSlice>({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    namespace: 'default',
    name: 'kubernetes',
  })
  const address = slice?.endpoints?.[0]?.addresses?.[0]
  if (address === undefined)
    throw new UserError(`${kindName} does not say where its API server is`, {
      fix: `Wait until it has started (\`kind create cluster --name ${kindName} --wait 2m\`), then run this again. Nothing was changed.`,
      input: 'clusters',
    })
  const host = isIPv6(address) ? `[${address}]` : address
  return `https://${host}:${slice?.ports?.[0]?.port ?? 6443}`
}

async function knock(kube: Kube, kindName: string): Promise<void> {
  try {
    await kube.request('GET', '/version', { timeout: knockMilliseconds, repeatable: false })
  } catch (error) {
    if (!isUnreachable(error)) throw error
    throw new UserError(`${kindName} does not answer at ${kube.server}: ${messageOf(error)}`, {
      fix: 'Members of a federation reach each other there, and so must this job: it runs on the Linux machine that runs the containers (not on macOS or in a container of its own), with that network in NO_PROXY if there is a proxy. Nothing was changed.',
      input: 'clusters',
      cause: error,
    })
  }
}
