import type { KubeObject } from '@meridian/lab-kube-api'
import { fieldsAt, listAt, numberAt, textAt, valueAt } from '@meridian/lab-world/json'

type Listener = { container: string; image: string }

/**
 * The running container of a pod that listens on a port, as far as its manifest says: where it names the port, or has
 * a probe that asks there. One that names no port at all is taken to listen wherever somebody asks.
 */
export function listenerOn(pod: KubeObject, port: number): Listener | undefined {
  const running = listAt(pod, 'spec', 'containers').filter(each => isRunning(pod, textAt(each, 'name')))
  const found =
    running.find(each => portsOf(each).includes(port)) ?? running.find(each => portsOf(each).length === 0)
  return found === undefined ? undefined : { container: textAt(found, 'name'), image: textAt(found, 'image') }
}

/** The number of a port that a Service gives by number or by the name that a container has for it. */
export function portNumber(pod: KubeObject | undefined, port: number | string): number | undefined {
  if (typeof port === 'number') return port
  const ports = listAt(pod, 'spec', 'containers').flatMap(each => listAt(each, 'ports'))
  const named = ports.find(each => textAt(each, 'name') === port)
  return named === undefined ? undefined : numberAt(named, 'containerPort')
}

function isRunning(pod: KubeObject, container: string): boolean {
  const status = listAt(pod, 'status', 'containerStatuses').find(each => textAt(each, 'name') === container)
  return valueAt(status, 'state', 'running') !== undefined
}

function portsOf(container: unknown): number[] {
  const named = listAt(container, 'ports').filter(each => (textAt(each, 'protocol') || 'TCP') === 'TCP')
  const probes = ['readinessProbe', 'livenessProbe', 'startupProbe'].flatMap(probe =>
    ['httpGet', 'tcpSocket'].map(way => numberAt(fieldsAt(container, probe, way), 'port')),
  )
  return [...named.map(each => numberAt(each, 'containerPort')), ...probes].filter(port => port > 0)
}
