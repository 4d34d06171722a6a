import { applyOver, covers, type Kube, type KubeObject } from '@meridian/kube'
import { done, type Job, waitFor, waiting } from '@meridian/runner'
import { apiLabels, apiPort, bootstrapLabel, lbService, systemNamespace } from '../names.ts'
import { stillOursOr } from '../remove-owned.ts'

export type LoadBalancerService = KubeObject & {
  spec?: { type?: string; loadBalancerSourceRanges?: string[] }
  status?: { loadBalancer?: { ingress?: { hostname?: string; ip?: string }[] } }
}

/** The Service of the API's load balancer, in the host. */
export const apiServiceRef = {
  apiVersion: 'v1',
  kind: 'Service',
  namespace: systemNamespace,
  name: lbService,
}

/** AWS's load balancer controller and EKS Auto Mode make internal ones without it; the cloud controller does not heed it. */
const schemeAnnotation = 'service.beta.kubernetes.io/aws-load-balancer-scheme'

/**
 * The load balancer of the control plane's API. An empty list of source ranges leaves it open to all. One that is there keeps
 * its scheme, whoever chose that: with another it would be another load balancer.
 */
function buildApiService(
  allowedCidrs: readonly string[],
  actual: LoadBalancerService | undefined,
): KubeObject {
  const scheme = actual ? actual.metadata.annotations?.[schemeAnnotation] : 'internet-facing'
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: lbService,
      namespace: systemNamespace,
      // With this label the tool's own deinit removes it too.
      labels: { [bootstrapLabel]: 'service-defaults' },
      // A classic load balancer cuts a connection that is silent for a minute, as watches are.
      annotations: {
        'service.beta.kubernetes.io/aws-load-balancer-connection-idle-timeout': '4000',
        ...(scheme !== undefined && { [schemeAnnotation]: scheme }),
      },
    },
    spec: {
      type: 'LoadBalancer',
      selector: { ...apiLabels },
      ports: [{ name: 'https', port: apiPort, targetPort: apiPort, protocol: 'TCP' }],
      ...(allowedCidrs.length > 0 && { loadBalancerSourceRanges: [...allowedCidrs] }),
    },
  }
}

/** Whether the load balancer is asked for as it should be. */
export async function isExposed(host: Pick<Kube, 'get'>, allowedCidrs: readonly string[]): Promise<boolean> {
  return isAsAsked(await host.get<LoadBalancerService>(apiServiceRef), allowedCidrs)
}

function isAsAsked(actual: LoadBalancerService | undefined, allowedCidrs: readonly string[]): boolean {
  const ranges = actual?.spec?.loadBalancerSourceRanges ?? []
  return covers(actual, buildApiService(allowedCidrs, actual)) && ranges.length === allowedCidrs.length
}

/** Makes the API of the control plane reachable by a load balancer of its own, and waits for its name. */
export async function exposeApi(
  job: Pick<Job, 'signal' | 'deadline' | 'log' | 'exists'>,
  host: Kube,
  allowedCidrs: readonly string[],
): Promise<{ hostname: string; changed: boolean }> {
  const actual = await host.get<LoadBalancerService>(apiServiceRef)
  const changed = !isAsAsked(actual, allowedCidrs)
  const desired = buildApiService(allowedCidrs, actual)
  const look = { seen: actual, judge: stillOursOr(desired, actual) }
  if (changed) await applyOver(host, desired, look, { force: true })
  job.exists(`load balancer of Service ${systemNamespace}/${lbService} in ${host.context}`)
  const hostname = await waitFor(job, {
    what: `the load balancer of the federation's API in ${host.context}`,
    fix: `Look at its events: kubectl --context=${host.context} describe svc ${lbService} -n ${systemNamespace}. Clusters of kind have load balancers while cloud-provider-kind runs.`,
    hint: () => host.changes([{ apiVersion: 'v1', kind: 'Service', namespace: systemNamespace }]),
    probe: async () => {
      const address = addressOf(await host.get<LoadBalancerService>(apiServiceRef))
      return address === undefined ? waiting('it has no address yet') : done(address)
    },
  })
  return { hostname, changed }
}

/** Hostname or address of a load balancer Service, once it has one. */
export function addressOf(service: LoadBalancerService | undefined): string | undefined {
  const ingress = service?.status?.loadBalancer?.ingress?.[0]
  return ingress?.hostname ?? ingress?.ip
}
