import type { Cluster } from '@meridian/lab-clusters'
import { writeStatus } from '@meridian/lab-clusters/objects'
import { type Condition, type Store, setCondition, timestamp } from '@meridian/lab-kube-api'
import { aggregatedComponent, isComponentReady } from './components.ts'

const apiServiceName = 'v1alpha1.cluster.karmada.io'
const lateSeconds = 180

export type Aggregation = {
  /** Whether Clusters are served: their API is registered, and the pod that serves it is there. */
  isAvailable(): boolean
  /** Writes the availability of all APIServices: those without a server behind them are Local, and available. */
  report(): void
}

/** The API of Clusters, which a pod of its own on the host serves behind Karmada's API server. */
export function createAggregation({ world, store: host }: Cluster, store: Store): Aggregation {
  let serving: 'no' | 'soon' | 'yes' = 'no'

  function isServed(): boolean {
    if (!isComponentReady(host, aggregatedComponent)) serving = 'no'
    else if (serving === 'no') serving = world.faults.active('slow-aggregation') ? comeLate() : 'yes'
    return serving === 'yes'
  }

  function comeLate(): 'soon' {
    world.clock.after(lateSeconds, () => {
      if (serving === 'soon') serving = 'yes'
      report()
    })
    return 'soon'
  }

  function report(): void {
    for (const service of store.list('APIService')) {
      const served = service.metadata.name !== apiServiceName || isServed()
      const before = (service.status as { conditions?: Condition[] } | undefined)?.conditions
      writeStatus(store, service, {
        conditions: setCondition(before, availability(served), timestamp(Date.now())),
      })
    }
  }

  const isRegistered = () => store.get('APIService', undefined, apiServiceName) !== undefined
  return { isAvailable: () => isRegistered() && isServed(), report }
}

function availability(served: boolean): Omit<Condition, 'lastTransitionTime'> {
  if (served) return { type: 'Available', status: 'True', reason: 'Passed', message: 'all checks passed' }
  const message = `endpoints for service/${aggregatedComponent} have no addresses`
  return { type: 'Available', status: 'False', reason: 'MissingEndpoints', message }
}
