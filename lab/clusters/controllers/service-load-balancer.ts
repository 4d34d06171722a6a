import type { KubeObject } from '@meridian/lab-kube-api'
import type { Cluster } from '../cluster.ts'
import { type Again, type ControlLoop, keyOf, splitKey, startControlLoop } from '../control-loop.ts'
import { recordEvent } from '../events.ts'
import { ingressEntry, ingressHost, isWantedLoadBalancer } from '../load-balancer.ts'
import type { LoadBalancerController, MadeLoadBalancer } from '../load-balancer-controller.ts'
import { writeStatus } from '../write-status.ts'

const moveSeconds = 60
const idleSeconds = 5

type Made = MadeLoadBalancer & { active: boolean }
type Context = { cluster: Cluster; controller: LoadBalancerController; made: Map<string, Made> }

/** A Service of type LoadBalancer gets a load balancer of its controller, and takes it along when it goes. */
export function startLoadBalancers(cluster: Cluster): Pick<ControlLoop, 'stop'> {
  const loops = cluster.kind.loadBalancers.map(controller => startController(cluster, controller))
  return { stop: () => loops.forEach(loop => void loop.stop()) }
}

function startController(cluster: Cluster, controller: LoadBalancerController): ControlLoop {
  const context: Context = { cluster, controller, made: new Map() }
  const loop = startControlLoop({
    clock: cluster.world.clock,
    reconcile: key => reconcile(context, loop, key),
  })
  loop.follow(cluster.store, 'Service', object => [keyOf(object)])
  return loop
}

function reconcile(context: Context, loop: ControlLoop, key: string): Again {
  const { cluster, controller, made } = context
  const { finalizer } = controller
  const [namespace, name] = splitKey(key)
  const service = cluster.store.get('Service', namespace, name)
  if (!service) return
  if (controller.runs?.() === false) return idleSeconds
  const guarded = service.metadata.finalizers?.includes(finalizer) ?? false
  const { uid = '' } = service.metadata
  if (!isWantedLoadBalancer(service, controller)) {
    if (guarded) release(context, service, made.get(uid))
    made.delete(uid)
    return
  }
  if (!guarded) {
    cluster.store.modify('Service', namespace, name, draft => {
      draft.metadata.finalizers = [...(draft.metadata.finalizers ?? []), finalizer]
    })
  }
  const elb = made.get(uid) ?? order(context, service, () => loop.add(key))
  if (!elb.active || ingressHost(service) === elb.hostname) return
  publishIngress(cluster, service, elb.hostname)
  announce(context, service, 'made')
  if (!cluster.world.faults.strike('moving-elb', uid, 1)) return
  cluster.world.clock.after(moveSeconds, () => {
    elb.remove()
    made.delete(uid)
    loop.add(key)
  })
}

function order(context: Context, service: KubeObject, done: () => void): Made {
  const { cluster, controller, made } = context
  announce(context, service, 'begins')
  const elb: Made = {
    ...controller.create(service, cluster),
    active: controller.early,
  }
  made.set(service.metadata.uid ?? '', elb)
  void elb.ready.then(() => {
    elb.active = true
    done()
  })
  return elb
}

function publishIngress(cluster: Cluster, service: KubeObject, hostname: string): void {
  writeStatus(cluster.store, service, { loadBalancer: { ingress: [ingressEntry(service, hostname)] } })
}

function release(context: Context, service: KubeObject, elb: Made | undefined): void {
  const { cluster, controller } = context
  const { namespace, name } = service.metadata
  announce(context, service, 'releases')
  elb?.remove()
  announce(context, service, 'released')
  writeStatus(cluster.store, service, { loadBalancer: {} })
  cluster.store.modify('Service', namespace, name, draft => {
    draft.metadata.finalizers = draft.metadata.finalizers?.filter(each => each !== controller.finalizer) ?? []
  })
}

function announce(
  { cluster, controller }: Context,
  service: KubeObject,
  what: keyof LoadBalancerController['words'],
): void {
  const [reason, message] = controller.words[what] ?? []
  if (reason === undefined || message === undefined) return
  const { component } = controller
  recordEvent(cluster.world, cluster.store, { about: service, type: 'Normal', reason, message, component })
}
