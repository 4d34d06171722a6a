import type { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import type { ProxyServer } from '@meridian/runner'
import type { Kubeconfig } from './kubeconfig.ts'

/**
 * The client library's own configuration, which knows authentication, TLS and proxies. The library is half of a bundle and is
 * loaded only where `plainOptions` does not do, so that an action's first request does not wait for it. It knows no variables of
 * proxies: what they want is told it as a kubeconfig would.
 */
export async function loadClientConfig(
  kubeconfig: Kubeconfig,
  proxy: ProxyServer | undefined,
): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js')
  const config = new KubeConfig()
  const through = { 'proxy-url': proxy?.url }
  const clusters = kubeconfig.clusters.map(({ name, cluster }) => ({
    name,
    cluster: { ...cluster, ...through },
  }))
  config.loadFromString(JSON.stringify({ ...kubeconfig, clusters }))
  return config
}
