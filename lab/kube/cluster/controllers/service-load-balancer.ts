import type { KubeObject } from '../../api/index.ts'
import { type Again, type ControlLoop, keyOf, splitKey, startControlLoop } from '../../control-loop.ts'
import { writeStatus } from '../../write-status.ts'
import type { Cluster } from '../cluster.ts'
import { recordEvent } from '../events.ts'
import { ingressHost, isWantedLoadBalancer, loadBalancerOf } from '../load-balancer.ts'

const finalizer = 'service.kubernetes.io/load-balancer-cleanup'
const moveSeconds = 60

type Made = { id: string; hostname: string; active: boolean }

/** The cloud controller's service part: a Service of type LoadBalancer gets an ELB, and takes it along when it goes. */
export function startLoadBalancers(cluster: Cluster): ControlLoop {
  const made = new Map<string, Made>()
  const loop = startControlLoop({
    clock: cluster.world.clock,
    reconcile: key => reconcile(cluster, made, loop, key),
  })
  loop.follow(cluster.store, 'Service', object => [keyOf(object)])
  return loop
}

function reconcile(cluster: Cluster, made: Map<string, Made>, loop: ControlLoop, key: string): Again {
  const [namespace, name] = splitKey(key)
  const service = cluster.store.get('Service', namespace, name)
  if (!service) return
  const guarded = service.metadata.finalizers?.includes(finalizer) ?? false
  const { uid = '' } = service.metadata
  if (!isWantedLoadBalancer(service)) {
    if (guarded) release(cluster, service, made.get(uid))
    made.delete(uid)
    return
  }
  if (!guarded) {
    cluster.store.modify('Service', namespace, name, draft => {
      draft.metadata.finalizers = [...(draft.metadata.finalizers ?? []), finalizer]
    })
  }
  const elb = made.get(uid) ?? order(cluster, service, made, () => loop.add(key))
  if (!elb.active || ingressHost(service) === elb.hostname) return
  publishIngress(cluster, service, elb.hostname)
  announce(cluster, service, 'EnsuredLoadBalancer', 'Ensured load balancer')
  if (!cluster.world.faults.strike('moving-elb', uid, 1)) return
  cluster.world.clock.after(moveSeconds, () => {
    cluster.aws.elb.remove(elb.id)
    made.delete(uid)
    loop.add(key)
  })
}

function order(cluster: Cluster, service: KubeObject, made: Map<string, Made>, done: () => void): Made {
  announce(cluster, service, 'EnsuringLoadBalancer', 'Ensuring load balancer')
  const { id, hostname, ready } = cluster.aws.elb.create(loadBalancerOf(service, cluster.spec))
  const elb: Made = { id, hostname, active: false }
  made.set(service.metadata.uid ?? '', elb)
  void ready.then(() => {
    elb.active = true
    done()
  })
  return elb
}

function publishIngress(cluster: Cluster, service: KubeObject, hostname: string): void {
  writeStatus(cluster.store, service, { loadBalancer: { ingress: [{ hostname }] } })
}

function release(cluster: Cluster, service: KubeObject, elb: Made | undefined): void {
  const { namespace, name } = service.metadata
  announce(cluster, service, 'DeletingLoadBalancer', 'Deleting load balancer')
  if (elb) cluster.aws.elb.remove(elb.id)
  announce(cluster, service, 'DeletedLoadBalancer', 'Deleted load balancer')
  writeStatus(cluster.store, service, { loadBalancer: {} })
  cluster.store.modify('Service', namespace, name, draft => {
    draft.metadata.finalizers = draft.metadata.finalizers?.filter(each => each !== finalizer) ?? []
  })
}

function announce(
  cluster: Cluster,
  service: KubeObject,
  reason: string,
  message: string,
  type: 'Normal' | 'Warning' = 'Normal',
): void {
  recordEvent(cluster.world, cluster.store, {
    about: service,
    type,
    reason,
    message,
    component: 'service-controller',
  })
}
