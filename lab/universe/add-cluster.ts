import { join } from 'node:path'
import type { Account, Aws } from '@meridian/lab-aws'
import type { KubeHost } from '@meridian/lab-clusters'
import { captureKops } from '@meridian/lab-tools'
import { type ClusterView, until, type World } from '@meridian/lab-world'

export type KopsRun = { exitCode: number; stdout: string; stderr: string }

/** A cluster that somebody has made with kops, without Meridian. */
export type NewCluster = {
  /** `s3://bucket[/path]`, by default `s3://<full name>-state`; a bucket that is not there is made. */
  store?: string
  /** Of a bucket that is made: the cluster's by default. */
  storeRegion?: string
  /** Whose cluster it is; the main account's by default. */
  account?: Account
  /** One zone, us-east-1a by default. */
  zone?: string
  /** Cloud labels, which become tags of everything that the cluster has. */
  labels?: Record<string, string>
  nodes?: number
}

type Home = { world: World; aws: Aws; clusters: KubeHost; env: Record<string, string>; directory: string }

/**
 * Runs a command line of the lab's kops inside this process, which is much faster than a child. Whoever does so stands
 * in the log as `by-hand`: neither Meridian's policies nor its counts are about him.
 */
export async function runKopsHere(
  { env, directory }: Pick<Home, 'env' | 'directory'>,
  args: readonly string[],
  more: Record<string, string> = {},
): Promise<KopsRun> {
  const own = { KUBECONFIG: join(directory, 'by-hand.kubeconfig') }
  return captureKops(args, { ...own, HOME: directory, AWS_SDK_UA_APP_ID: 'by-hand', ...env, ...more })
}

/**
 * Makes a cluster with kops and waits until kops would find nothing missing, since until then the world changes by itself;
 * throws what kops said when it failed.
 */
export async function addCluster(home: Home, name: string, given: NewCluster = {}): Promise<void> {
  const { world, aws, clusters } = home
  const { account, zone = 'us-east-1a', labels = {}, nodes = 1 } = given
  const region = zone.slice(0, -1)
  const { store = `s3://${name}-state`, storeRegion = region } = given
  const bucket = store.replace(/^s3:\/\//, '').split('/')[0] ?? ''
  if (!aws.s3.buckets().some(each => each.name === bucket)) {
    aws.s3.addBucket(bucket, { region: storeRegion, ...(account && { account: account.id }) })
  }
  const written = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  const { exitCode, stderr } = await runKopsHere(
    home,
    [
      ...['create', 'cluster', `--name=${name}`, `--state=${store}`, `--zones=${zone}`, '--dns=none'],
      ...[`--node-count=${nodes}`, '--node-size=t3.medium', '--control-plane-size=t3.medium'],
      ...['--kubernetes-version=1.35.7', `--cloud-labels=${written.join(',')}`, '--yes'],
    ],
    // A file for each: kops locks the one that it writes, and gives up when another has locked it.
    { KUBECONFIG: join(home.directory, `${name}.kubeconfig`), ...account?.env },
  )
  if (exitCode !== 0) throw new Error(`kops made no cluster ${name}: ${stderr}`)
  await until(world.clock, () => isHealthy(clusters.view(name, account?.id)) || undefined)
}

function isHealthy(view: ClusterView | undefined): boolean {
  if (!view?.serving || view.pending.length > 0) return false
  return view.nodes.every(({ status }) => status === 'True')
}
