import { Agent, type RequestOptions } from 'node:https'
import { type ProxyServer, proxyOptions } from '@meridian/runner'
import type { Kubeconfig } from '../kubeconfig/kubeconfig.ts'

/** `tokenFile` and whom the user acts for become headers of each request. */
const known = {
  cluster: [
    'server',
    'certificate-authority-data',
    'insecure-skip-tls-verify',
    'tls-server-name',
    'proxy-url',
  ],
  user: [
    'client-certificate-data',
    'client-key-data',
    'token',
    'tokenFile',
    'as',
    'as-uid',
    'as-groups',
    'as-user-extra',
  ],
}

/**
 * How requests are made where a kubeconfig of one context holds certificates and a token, and no more, as clusters' own do;
 * undefined of any other. The client library makes the same of it (see the tests), and costs as much as some hundred requests.
 */
export function plainOptions(
  { clusters, users }: Kubeconfig,
  proxy: ProxyServer | undefined,
): RequestOptions | undefined {
  const [cluster, user] = [clusters[0]?.cluster, users[0]?.user]
  if (!cluster?.server.startsWith('https:') || !user) return undefined
  if (!holdsOnly(cluster, known.cluster) || !holdsOnly(user, known.user)) return undefined
  if (proxy && !/^https?:/.test(proxy.url)) return undefined
  const agent = new Agent({
    keepAlive: true,
    ...proxyOptions(proxy),
    ...pemOf('ca', cluster['certificate-authority-data']),
    ...pemOf('cert', user['client-certificate-data']),
    ...pemOf('key', user['client-key-data']),
    ...(cluster['tls-server-name'] && { servername: cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] && { rejectUnauthorized: false }),
  })
  return { agent, ...(user.token && { headers: { Authorization: `Bearer ${user.token}` } }) }
}

function holdsOnly(part: object, names: readonly string[]): boolean {
  return Object.entries(part).every(([name, value]) => names.includes(name) || value === undefined)
}

function pemOf(name: 'ca' | 'cert' | 'key', data: string | undefined): { [name: string]: string } {
  return data ? { [name]: Buffer.from(data, 'base64').toString('utf8') } : {}
}
