import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import {
  type Aws,
  createAws,
  documentedBoundary,
  documentedPolicies,
  idTokenVariables,
  type JobClaims,
  type Policies,
  type Policy,
} from '@meridian/lab-aws'
import type { KubeHost } from '@meridian/lab-clusters'
import { addEksCluster, type EksHandle, type NewEks } from '@meridian/lab-clusters/eks'
import { createKindHost, type KindHost, kindControl } from '@meridian/lab-clusters/kind'
import { createGithub, type Github, githubRoot } from '@meridian/lab-github'
import { createFederationHost } from '@meridian/lab-karmada'
import type { Zone } from '@meridian/lab-route53'
import { installTools, serveCalls } from '@meridian/lab-tools'
import {
  type ClusterSpec,
  type ControlRoutes,
  createWorld,
  type ForwardProxy,
  openFrontDoor,
  type ProxyOptions,
  type RequestHandler,
  type World,
  type WorldOptions,
  worldControl,
} from '@meridian/lab-world'
import { addCluster, type KopsRun, type NewCluster, runKopsHere } from './add-cluster.ts'
import { createProxiedMachines, type ProxiedMachine } from './proxied-machine.ts'
import { openProxiedWay } from './proxied-way.ts'
import { type Snapshot, takeSnapshot } from './snapshot.ts'
import { universeKubeconfig } from './universe-kubeconfig.ts'

/** The domain of the lab: its public hosted zone exists before anything is built. */
export const labDomain = 'k8s.example.com'

/** The policy that bounds the roles of machines; kops can make none without it. */
export const labBoundary = 'arn:aws:iam::111122223333:policy/meridian-machines'

export type UniverseOptions = WorldOptions & {
  domain?: string
  /** Port of the front door on loopback; any free one by default. */
  port?: number
  /** Port of the DNS server on loopback; any free one by default. */
  dnsPort?: number
  /** What actions and kops may do, by name; as `docs/iam` says by default, `{}` lets them do everything. */
  policies?: Policies
  /** What bounds the roles of machines; as `docs/iam` says by default. */
  boundary?: Policy
  /** `bare` runs of Karmada no more than its API server, for programs of others. */
  controlPlane?: 'lab' | 'bare'
  /** URL of an Enterprise Server that the lab's GitHub is, such as `https://git.acme.example`; github.com by default. */
  githubServer?: string
  /** Lets nothing be reached but through a forward proxy: names of the world resolve there alone. */
  behindProxy?: ProxyOptions
}

/** A world with everything that answers in it, and what a process needs to live there. */
export type Universe = {
  world: World
  aws: Aws
  clusters: KubeHost
  /** Clusters that kind runs on this machine. */
  kind: KindHost
  github: Github
  zone: Zone
  domain: string
  /** The front door: AWS endpoint and HTTP proxy. */
  url: string
  /** The only way to all else, where there is one. */
  proxy: ForwardProxy | undefined
  /** `host:port` that answers DNS for the zones, over UDP and TCP. */
  nameServer: string
  /**
   * AWS_* and a PATH on which the stand-in tools come first, then this Node; the front door as HTTP_PROXY, and HTTPS_PROXY once there is
   * a cluster of EKS or kind: nobody gives out a kubeconfig in which it could stand.
   */
  env: Record<string, string>
  /** URL of GitHub's API: what GITHUB_API_URL says to a job. */
  githubApi: string
  /** What a job with `permissions: id-token: write` has in its environment besides. */
  idToken: Record<string, string>
  /** The same for a job of which GitHub says this. */
  idTokenOf(claims: JobClaims): Record<string, string>
  /** A private directory that goes with the universe. */
  directory: string
  /** Runs a command line of kops in this process, by default as the main account; `env` is laid over `universe.env`. */
  kops(line: string, env?: Record<string, string>): Promise<KopsRun>
  /** Lets somebody make a cluster with kops: in any account, region, zone and state store. */
  addCluster(name: string, cluster?: NewCluster): Promise<void>
  /** Lets there be a cluster of EKS, which somebody has had for long. */
  addEksCluster(name: string, cluster?: NewEks): Promise<EksHandle>
  /** A machine in it from which nothing is reached but through a proxy of its own. */
  addProxiedMachine(options?: ProxyOptions): Promise<ProxiedMachine>
  /** Lets people see something at the front door, below `/_world/page`. */
  showPage(page: RequestHandler): void
  /** Everything in it, to be compared with what is there later: see `compareSnapshots`. */
  snapshot(): Snapshot
  /** YAML with a context for every cluster that serves, by its alias, and `fed` for the federation. */
  kubeconfig(): Promise<string>
  close(): Promise<void>
}

/** Faults under which each call of kops is a process: they kill it, or teach it a wrong time. */
const ownProcess = ['kill-kops', 'kill-job', 'clock-skew']

/** Starts a universe on loopback. Nothing outlives `close`. */
export async function startUniverse(options: UniverseOptions = {}): Promise<Universe> {
  const { domain = labDomain, port, dnsPort, policies, controlPlane, behindProxy, ...worldOptions } = options
  const world = createWorld(worldOptions)
  const aws = createAws(world, policies ?? documentedPolicies({ Domain: domain }))
  const zone = aws.route53.addZone(domain)
  const clusters = createFederationHost(world, aws, { bare: controlPlane === 'bare' })
  const kind = createKindHost({ world, clusters, attach: () => byProxy(env, frontDoor) })
  const github = createGithub(world, options.githubServer)
  const shown: { page?: RequestHandler } = {}
  const nameServer = await aws.route53.openNameServer(dnsPort)
  const door = {
    aws: aws.handler,
    control: controlOf({ world, aws, clusters, kind }, options),
    github: { root: githubRoot, handler: github.handler },
    hostBehind: aws.route53.loadBalancerBehind,
    page: () => shown.page,
    ...(port !== undefined && { port }),
  }
  const frontDoor = await openFrontDoor(world, door).catch(async error => {
    await nameServer.close()
    throw error
  })
  const directory = await mkdtemp(join(tmpdir(), 'meridian-universe-'))
  const way = behindProxy && (await openProxiedWay(world, frontDoor, directory, behindProxy))
  const mayRunHere = () => !ownProcess.some(world.faults.active)
  const calls = way ? undefined : await serveCalls(frontDoor.url, mayRunHere)
  const bin = await installTools(directory, { frontDoorUrl: way?.awsUrl ?? frontDoor.url, calls })
  const byHand = { ...machineEnvironment(frontDoor.url, aws, bin), MERIDIAN_WORLD: frontDoor.url }
  const home = { world, aws, clusters, directory, env: byHand }
  const env = { ...machineEnvironment(frontDoor.url, aws, bin), ...way?.env }
  const machines = createProxiedMachines(world, frontDoor, directory, env, mayRunHere)
  return {
    world,
    aws,
    clusters,
    kind,
    github,
    zone,
    domain,
    kops: (line, more) => runKopsHere(home, line.split(/\s+/).filter(Boolean), more),
    addCluster: (name, cluster) => addCluster(home, name, cluster),
    addEksCluster(name, cluster) {
      byProxy(env, frontDoor)
      return addEksCluster(home, name, cluster)
    },
    addProxiedMachine: machines.add,
    showPage: page => void Object.assign(shown, { page }),
    snapshot: () => takeSnapshot({ world, aws, clusters }),
    url: frontDoor.url,
    nameServer: `${nameServer.address}:${nameServer.port}`,
    env,
    githubApi: `${way?.githubUrl ?? frontDoor.url}${githubRoot}`,
    idToken: idTokenVariables(way?.githubUrl ?? frontDoor.url),
    idTokenOf: claims => idTokenVariables(way?.githubUrl ?? frontDoor.url, claims),
    proxy: way?.proxy,
    directory,
    kubeconfig: () => universeKubeconfig(clusters, way ? undefined : frontDoor.url),
    async close() {
      calls?.close()
      await clusters.stopAll()
      await Promise.all([way?.close(), machines.close()])
      await Promise.all([frontDoor.close(), nameServer.close()])
      world.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Names and addresses of clusters that were there before lead nowhere else. */
function byProxy(env: Record<string, string>, { url }: { url: string }): void {
  env.HTTPS_PROXY ??= url
}

function machineEnvironment(url: string, aws: Aws, bin: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    // No resolver knows the load balancers of the world; the front door does.
    HTTP_PROXY: url,
    NO_PROXY: '127.0.0.1,localhost',
    AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
    AWS_REGION: 'us-east-1',
    // Without it the SDKs would ask the machine's metadata service whenever a key were missing.
    AWS_EC2_METADATA_DISABLED: 'true',
    LANG: process.env.LANG ?? 'C.UTF-8',
    PATH: [bin, dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
    TMPDIR: tmpdir(),
  }
}

function controlOf(
  { world, aws, clusters, kind }: Pick<Universe, 'world' | 'aws' | 'clusters' | 'kind'>,
  options: UniverseOptions,
): ControlRoutes {
  return {
    ...worldControl(world, clusters),
    ...aws.control,
    ...kindControl(kind),
    ...bootRoute(aws, clusters, options),
  }
}

/** Machines that may not use the state of their cluster start, and never become nodes of it. */
function bootRoute(aws: Aws, clusters: KubeHost, options: UniverseOptions): ControlRoutes {
  const boundary = options.boundary ?? documentedBoundary({ Domain: options.domain ?? labDomain })
  const boundaryOf = (arn: string) => (arn === labBoundary ? boundary : undefined)
  return {
    async 'POST /_world/clusters'({ account, body }) {
      const spec = { ...(body as ClusterSpec), account }
      const { name: cluster, configBase } = spec
      if (configBase === undefined || aws.mayUseState({ account, cluster, configBase }, boundaryOf))
        await clusters.start(spec)
      return { status: 201 }
    },
  }
}
