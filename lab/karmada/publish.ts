import { type Cluster, ingressHost, type ServiceSpec } from '@meridian/lab-clusters'
import { apiComponent } from './components.ts'
import { systemNamespace } from './names.ts'

type Address = { host: string; port: number }

/** Keeps the names of the load balancers in front of the Karmada API pointing to where it is served. */
export function publishLoadBalancers({ store, world }: Cluster) {
  const published = new Map<string, Address & { localPort: number }>()

  function addresses(): Address[] {
    return store.list('Service', { namespace: systemNamespace }).flatMap(service => {
      const { type, selector, ports = [] } = service.spec as ServiceSpec
      const host = ingressHost(service)
      if (type !== 'LoadBalancer' || selector?.app !== apiComponent || !host) return []
      return ports.map(({ port }) => ({ host, port }))
    })
  }

  return {
    /** `localPort` is undefined while nothing serves; the names are unknown then. */
    update(localPort: number | undefined): void {
      const wanted = new Map(
        localPort === undefined ? [] : addresses().map(each => [`${each.host}:${each.port}`, each]),
      )
      for (const [key, { host, port }] of published) {
        if (wanted.has(key)) continue
        world.network.withdraw(host, port)
        published.delete(key)
      }
      for (const [key, { host, port }] of wanted) {
        if (localPort === undefined || published.get(key)?.localPort === localPort) continue
        world.network.publish(host, port, localPort)
        published.set(key, { host, port, localPort })
      }
    },
  }
}
