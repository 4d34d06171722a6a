import { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { numberAt } from '@meridian/lab-world/json'
import { badRequest, type StatusBody, StatusError } from '../status-error.ts'
import { attach } from './attach.ts'
import { pageNotFound, type ResourceCall } from './call.ts'
import { type Context, identify, permit, recordResource } from './dispatch.ts'
import { forwardStreams, speaksStreams } from './forward-streams.ts'
import { meetFault } from './meet-fault.ts'
import { forwardPort, speaksChannels, type Upgrade } from './port-forward.ts'
import { findObject } from './read.ts'
import { readResourceCall } from './resources.ts'
import { parseTarget } from './target.ts'

/** Answers a request to switch protocols: a port-forward, an attachment, or a refusal in plain HTTP. */
export async function serveUpgrade(context: Context, upgrade: Upgrade): Promise<void> {
  try {
    const failure = await meetFault(context, upgrade.request)
    if (failure?.startsWith('hang')) return
    if (failure?.startsWith('reset')) return void upgrade.socket.destroy()
    startStreams(context, upgrade)
  } catch (error) {
    const refusal =
      error instanceof StatusError ? error.body : new StatusError(500, 'InternalError', String(error)).body
    refuseUpgrade(upgrade, refusal)
  }
}

function startStreams(context: Context, upgrade: Upgrade): void {
  const { request, socket } = upgrade
  const url = new URL(request.url ?? '/', 'https://localhost')
  const user = identify(context, request, url.pathname)
  const target = parseTarget(url.pathname)
  if (target.type === 'page' || target.plural !== 'pods') throw pageNotFound()
  const response = new ServerResponse(request)
  const { searchParams: query, search } = url
  const call = readResourceCall({ ...context, user, request, response, query, search }, target)
  permit(call)
  socket.on('error', () => socket.destroy())
  switch (target.subresource) {
    case 'portforward':
      startPortForward(call, upgrade)
      break
    case 'attach':
      attach(call, upgrade)
      break
    case 'exec':
      throw refuseExec(call)
    default:
      throw pageNotFound()
  }
  recordResource(call, 101)
}

function refuseExec(call: ResourceCall): StatusError {
  const { name } = findObject(call).metadata
  const command = call.query.getAll('command').join(' ')
  const message = `the lab runs nothing in its containers, so that pod "${name}" has no "${command}" to execute`
  return new StatusError(405, 'MethodNotAllowed', message, {})
}

function startPortForward(call: ResourceCall, upgrade: Upgrade): void {
  const { name, namespace = '' } = findObject(call).metadata
  const dial = (port: number) => call.options.dial?.(namespace, name, port)
  if (speaksStreams(upgrade)) {
    forwardStreams(upgrade, name, dial)
    return
  }
  if (!speaksChannels(upgrade.request))
    throw badRequest('Upgrade request required: unable to upgrade to the protocols that the client offers')
  const port = portOf(call)
  forwardPort(upgrade, { pod: name, port, connection: dial(port) })
}

function portOf({ query }: ResourceCall): number {
  const port = numberAt({ port: Number(query.get('ports') ?? '0') }, 'port')
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw badRequest(`query parameter "ports" is required and must be one port between 1 and 65535`)
}

function refuseUpgrade({ socket }: Upgrade, body: StatusBody): void {
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${body.code} ${body.reason ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
  ]
  ;(socket as Socket).end(`${head.join('\r\n')}\r\n\r\n${text}`)
}
