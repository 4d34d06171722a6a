import type { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import type { Kubeconfig } from './kubeconfig.ts'

/**
 * The client library's own configuration, which knows authentication, TLS and proxies. The library is half of a bundle and is
 * loaded only when something is sent, so that an action's first request does not wait for it.
 */
export async function loadClientConfig(kubeconfig: Kubeconfig): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js')
  const config = new KubeConfig()
  config.loadFromString(JSON.stringify(kubeconfig))
  return config
}
