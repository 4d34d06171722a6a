import { randomUUID } from 'node:crypto'
import { request as sendRequest } from 'node:https'
import { isIP } from 'node:net'
import { fieldsAt, listAt, numberAt, textAt, valueAt } from '@meridian/lab-world/json'
import type { ApiServerOptions } from '../api-server.ts'
import { badRequest, StatusError } from '../status-error.ts'
import type { User } from '../user.ts'
import type { Matter } from './match-webhooks.ts'

/** What a webhook is asked. */
export type Question = Matter & { user: User; dryRun: boolean; name: string; namespace: string | undefined }
export type Verdict = { patch: unknown; warnings: string[] }

const patience = 10

/**
 * Asks a webhook about a write. Throws what it refuses with; when it cannot be asked, 500 unless its failure policy
 * lets the write pass.
 */
export async function callWebhook(
  webhook: unknown,
  question: Question,
  resolve: NonNullable<ApiServerOptions['webhooks']>,
): Promise<Verdict> {
  const name = textAt(webhook, 'name')
  if (question.dryRun && !textAt(webhook, 'sideEffects').startsWith('None'))
    throw badRequest(`admission webhook "${name}" does not support dry run`)
  const uid = randomUUID()
  try {
    const review = {
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      request: asked(uid, question),
    }
    const response = fieldsAt(await post(webhook, review, resolve), 'response')
    if (textAt(response, 'uid') !== uid)
      throw new Error(`expected response.uid="${uid}", got "${textAt(response, 'uid')}"`)
    if (valueAt(response, 'allowed') !== true) throw denied(name, valueAt(response, 'status'))
    const patch = textAt(response, 'patch')
    return {
      patch: patch === '' ? [] : JSON.parse(Buffer.from(patch, 'base64').toString()),
      warnings: listAt(response, 'warnings').map(String),
    }
  } catch (error) {
    if (error instanceof StatusError) throw error
    if (textAt(webhook, 'failurePolicy') === 'Ignore') return { patch: [], warnings: [] }
    const cause = `failed calling webhook "${name}": ${error instanceof Error ? error.message : error}`
    throw new StatusError(500, 'InternalError', `Internal error occurred: ${cause}`, {
      causes: [{ message: cause }],
    })
  }
}

function asked(uid: string, question: Question): object {
  const { kind, subresource, object, previous, operation, user, dryRun, name, namespace } = question
  const { group, version } = kind
  const options = `${operation[0]}${operation.slice(1).toLowerCase()}Options`
  return {
    uid,
    kind: { group, version, kind: kind.kind },
    resource: { group, version, resource: kind.plural },
    requestKind: { group, version, kind: kind.kind },
    requestResource: { group, version, resource: kind.plural },
    ...(subresource && { subResource: subresource, requestSubResource: subresource }),
    ...(name && { name }),
    ...(namespace && { namespace }),
    operation,
    userInfo: { username: user.name, groups: user.groups },
    object: object ?? null,
    oldObject: previous ?? null,
    dryRun,
    options: { kind: options, apiVersion: 'meta.k8s.io/v1' },
  }
}

/** Never less than 400, whatever the webhook says. */
function denied(name: string, status: unknown): StatusError {
  const why = textAt(status, 'message') || textAt(status, 'reason')
  const message = `admission webhook "${name}" denied the request${why ? `: ${why}` : ' without explanation'}`
  return new StatusError(Math.max(400, numberAt(status, 'code')), textAt(status, 'reason'), message)
}

function addressOf(webhook: unknown): URL {
  const url = textAt(webhook, 'clientConfig', 'url')
  if (url !== '') return new URL(url)
  const service = fieldsAt(webhook, 'clientConfig', 'service')
  const host = `${textAt(service, 'name')}.${textAt(service, 'namespace')}.svc`
  return new URL(`https://${host}:${numberAt(service, 'port') || 443}${textAt(service, 'path')}`)
}

function post(
  webhook: unknown,
  review: object,
  resolve: NonNullable<ApiServerOptions['webhooks']>,
): Promise<unknown> {
  const url = addressOf(webhook)
  const seconds = numberAt(webhook, 'timeoutSeconds') || patience
  const port = Number(url.port || 443)
  const what = `failed to call webhook: Post "${url.href}?timeout=${seconds}s"`
  const localPort = resolve(url.hostname, port)
  if (localPort === undefined) throw new Error(`${what}: dial tcp: lookup ${url.hostname}: no such host`)
  return new Promise((answer, reject) => {
    const fail = (why: string) => reject(new Error(`${what}: ${why}`))
    const request = sendRequest(
      {
        host: '127.0.0.1',
        port: localPort,
        method: 'POST',
        path: `${url.pathname}?timeout=${seconds}s`,
        ca: Buffer.from(textAt(webhook, 'clientConfig', 'caBundle'), 'base64'),
        servername: isIP(url.hostname) ? '' : url.hostname,
        headers: { 'content-type': 'application/json', host: url.host },
        timeout: seconds * 1000,
      },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          if (response.statusCode === 200) answer(parse(text))
          else
            fail(`an error on the server (${JSON.stringify(text)}) has prevented the request from succeeding`)
        })
      },
    )
    request.on('timeout', () => request.destroy(new Error('context deadline exceeded')))
    request.on('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'ECONNREFUSED' ? `dial tcp ${url.host}: connect: connection refused` : error.message,
      ),
    )
    request.end(JSON.stringify(review))
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
