import { userInfo } from 'node:os'
import { listFronts } from './cloud/elb-kinds.ts'
import { type Cluster, regionOf } from './cluster-object.ts'
import type { Kops } from './context.ts'
import { readAuthority } from './keysets.ts'
import { writeContext } from './kubeconfig-file.ts'
import { shortName } from './names.ts'
import type { StateStore } from './store.ts'

export type ContextOptions = {
  path: string
  /** Lifetime of the administrator's certificate in milliseconds; none is issued without it. */
  admin?: number
  internal?: boolean
  /** An existing user of the file. */
  user?: string
  apiServer?: string
}

/** Writes the cluster's context into a kubeconfig, with an administrator's certificate if one is asked for. */
export async function setContext(
  kops: Kops,
  store: StateStore,
  cluster: Cluster,
  options: ContextOptions,
): Promise<void> {
  const { name } = cluster.metadata
  const authority = await readAuthority(store, name)
  const [server, proxy] = await Promise.all([serverOf(kops, cluster, options), kops.world.proxy()])
  const user = options.admin === undefined ? undefined : await issueAdmin(authority, options.admin)
  if (!user && !options.user) {
    kops.log(
      'W',
      'create_kubecfg.go:113',
      'Exported kubeconfig with no user authentication; use --admin, --user or --auth-plugin flags with `kops export kubeconfig`',
    )
  }
  if (user) await tellSecret(kops, name, user)
  await writeContext(options.path, {
    name,
    cluster: {
      'certificate-authority-data': encode(authority.certificate),
      ...(proxy && { 'proxy-url': proxy }),
      server,
      'tls-server-name': `api.internal.${name}`,
    },
    ...(user && { user }),
    ...(options.user && { userName: options.user }),
  })
  kops.out(`kOps has set your kubectl context to ${name}\n`)
}

/** The name under which the API is reached from outside; undefined while its load balancer is missing. */
export async function apiHost(kops: Kops, cluster: Cluster): Promise<string | undefined> {
  const { name } = cluster.metadata
  if (!cluster.spec.api.loadBalancer) return `api.${name}`
  const label = shortName('api', name)
  const fronts = await listFronts(kops.cloud(regionOf(cluster)), 'load-balancer')
  const front = fronts.find(each => each.name === label && each.tags.KubernetesCluster === name)
  return front === undefined ? undefined : String(front.attributes.dnsName)
}

async function serverOf(kops: Kops, cluster: Cluster, options: ContextOptions): Promise<string> {
  if (options.apiServer) return options.apiServer
  if (options.internal) return `https://api.internal.${cluster.metadata.name}`
  const host = await apiHost(kops, cluster)
  if (host !== undefined) return `https://${host}`
  kops.log('W', 'create_kubecfg.go:89', 'Did not find API endpoint; may not be able to reach cluster')
  return `https://api.${cluster.metadata.name}`
}

async function issueAdmin(authority: { certificate: string; key: string }, lifetime: number) {
  const { issueClientCertificate } = await import('@meridian/lab-kube-api/certificates')
  const { certificate, key } = await issueClientCertificate(authority, {
    user: `kubecfg-${userInfo().username}`,
    groups: ['system:masters'],
    hours: lifetime / 3_600_000,
  })
  return { 'client-certificate-data': encode(certificate), 'client-key-data': encode(key) }
}

/** Lets the world know what must not come out of whoever reads this kubeconfig. */
async function tellSecret(kops: Kops, name: string, user: Record<string, string>): Promise<void> {
  const text = `client-key-data: ${user['client-key-data']}`
  await kops.world.ask('POST', '/_world/secrets', { name: `administrator of ${name}`, text })
}

const encode = (text: string) => Buffer.from(text).toString('base64')
