import { listAt, numberAt, textAt, valueAt } from '@meridian/lab-world/json'
import type { KubeObject } from './objects.ts'
import type { Store } from './store.ts'

/** Where a port of a Service leads to. */
export type Endpoint = { address: string; port: number; namespace: string; pod: string }

/** The ready pods behind a port of a Service, by the port's name ('' for one without), as its EndpointSlices have them. */
export function readyEndpoints(
  store: Store,
  { metadata: { namespace = '', name } }: Pick<KubeObject, 'metadata'>,
  portName: string,
): Endpoint[] {
  const labels = { 'kubernetes.io/service-name': name }
  return store.list('EndpointSlice', { namespace, labels }).flatMap(slice => {
    const port = listAt(slice, 'ports').find(each => textAt(each, 'name') === portName)
    const ready = listAt(slice, 'endpoints').filter(each => valueAt(each, 'conditions', 'ready') !== false)
    return port === undefined
      ? []
      : ready.map(each => ({
          address: textAt(each, 'addresses', 0),
          port: numberAt(port, 'port'),
          namespace,
          pod: textAt(each, 'targetRef', 'name'),
        }))
  })
}
