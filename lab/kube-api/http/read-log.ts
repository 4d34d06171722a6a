import { listAt, numberAt, textAt } from '@meridian/lab-world/json'
import { badRequest, notFound } from '../status-error.ts'
import { isRunning, whenEnded } from './attach.ts'
import { isTrue, type Reply, type ResourceCall } from './call.ts'
import { findObject } from './read.ts'

/** What a container has printed, all or its tail; who follows it hears of its end. */
export function readLog(call: ResourceCall): Reply | undefined {
  const { options, query, response } = call
  const pod = findObject(call)
  const names = listAt(pod, 'spec', 'containers').map(container => textAt(container, 'name'))
  const container = query.get('container') || names[0] || ''
  const { name, namespace = '' } = pod.metadata
  if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`)
  const log = options.logs?.(namespace, name, container)
  if (log === undefined) throw notFound(call.kind, name)
  const lines = log.split('\n')
  const tail = numberAt({ tail: Number(query.get('tailLines') ?? Number.NaN) }, 'tail')
  const shown = tail > 0 ? lines.slice(-tail - (lines.at(-1) === '' ? 1 : 0)).join('\n') : log
  if (!isTrue(query.get('follow')) || !isRunning(pod, container))
    return { code: 200, body: shown, contentType: 'text/plain' }
  response.writeHead(200, { 'content-type': 'text/plain' })
  response.write(shown)
  response.on(
    'close',
    whenEnded(call, container, () => void response.end()),
  )
  return undefined
}
