import { type Store, timestamp } from '../api/index.ts'
import { writeStatus } from '../write-status.ts'
import { aggregatedComponent, isComponentReady } from './components.ts'
import { setCondition } from './conditions.ts'
import type { Condition } from './types.ts'

const apiServiceName = 'v1alpha1.cluster.karmada.io'

/** Whether Clusters are served: their API is registered, and the pod that serves it is there. */
export function isAggregated(host: Store, store: Store): boolean {
  const registered = store.get('APIService', undefined, apiServiceName) !== undefined
  return registered && isComponentReady(host, aggregatedComponent)
}

/** Writes the availability of all APIServices: those without a server behind them are Local, and available. */
export function reportAggregation(host: Store, store: Store): void {
  for (const service of store.list('APIService')) {
    const served = service.metadata.name !== apiServiceName || isComponentReady(host, aggregatedComponent)
    const before = (service.status as { conditions?: Condition[] } | undefined)?.conditions
    const condition = {
      type: 'Available',
      status: served ? ('True' as const) : ('False' as const),
      reason: served ? 'Passed' : 'MissingEndpoints',
      message: served
        ? 'all checks passed'
        : `endpoints for service/${aggregatedComponent} have no addresses`,
    }
    writeStatus(store, service, { conditions: setCondition(before, condition, timestamp(Date.now())) })
  }
}
