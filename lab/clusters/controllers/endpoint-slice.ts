import type { KubeObject } from '@meridian/lab-kube-api'
import { portNumber } from '../apps/listened-ports.ts'
import type { Cluster } from '../cluster.ts'
import { type ControlLoop, keyOf, splitKey, startControlLoop } from '../control-loop.ts'
import type { ServiceSpec } from '../load-balancer-controller.ts'
import { controlledBy, ownedBy } from '../ownership.ts'
import { isPodReady, type PodSpec } from '../pod-template.ts'

/** Services with a selector know the ready pods behind them through an EndpointSlice. */
export function startEndpointSlices(cluster: Cluster): ControlLoop {
  const loop = startControlLoop({ clock: cluster.world.clock, reconcile: key => reconcile(cluster, key) })
  loop.follow(cluster.store, 'Service', object => [keyOf(object)])
  loop.follow(cluster.store, 'Pod', pod => selecting(cluster, pod))
  return loop
}

function selecting({ store }: Cluster, { metadata }: KubeObject): string[] {
  const services = store.list('Service', { namespace: metadata.namespace ?? 'default' })
  const labels = metadata.labels ?? {}
  return services.filter(service => matches(service, labels)).map(keyOf)
}

function matches(service: KubeObject, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries((service.spec as ServiceSpec).selector ?? {})
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
}

function reconcile({ store }: Cluster, key: string): undefined {
  const [namespace = 'default', name] = splitKey(key)
  const service = store.get('Service', namespace, name)
  if (!service || service.metadata.deletionTimestamp || !(service.spec as ServiceSpec).selector) return
  const pods = store.list('Pod', { namespace }).filter(pod => matches(service, pod.metadata.labels ?? {}))
  const endpoints = pods.flatMap(endpointOf)
  const ports = slicePorts(service, pods[0])
  const [slice] = ownedBy(store, 'EndpointSlice', service)
  if (slice) {
    store.modify('EndpointSlice', namespace, slice.metadata.name, draft =>
      Object.assign(draft, { endpoints, ports }),
    )
    return
  }
  store.create('EndpointSlice', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${(service.metadata.uid ?? '').slice(0, 5)}`,
      namespace,
      labels: { 'kubernetes.io/service-name': name },
      ownerReferences: [controlledBy(service)],
    },
    addressType: 'IPv4',
    endpoints,
    ports,
  })
}

function endpointOf(pod: KubeObject): object[] {
  const { podIP } = (pod.status ?? {}) as { podIP?: string }
  if (!podIP) return []
  const ready = isPodReady(pod)
  return [
    {
      addresses: [podIP],
      conditions: { ready, serving: ready, terminating: false },
      nodeName: (pod.spec as PodSpec).nodeName,
      targetRef: {
        kind: 'Pod',
        namespace: pod.metadata.namespace,
        name: pod.metadata.name,
        uid: pod.metadata.uid,
      },
    },
  ]
}

/** A port whose name no pod knows is left out. */
function slicePorts(service: KubeObject, pod: KubeObject | undefined): object[] {
  const { ports = [] } = service.spec as ServiceSpec
  return ports.flatMap(({ name = '', port, targetPort = port, protocol = 'TCP' }) => {
    const number = portNumber(pod, targetPort)
    return number === undefined ? [] : [{ name, protocol, port: number }]
  })
}
