import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { findFault, type Schema } from './check-schema.ts'
import { GithubError, notFound } from './github-error.ts'
import recorded from './operations.json' with { type: 'json' }

export type OperationName = keyof typeof recorded

type Operation = {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, Schema>>
  readonly body?: Schema
  readonly status: number
  readonly fields: readonly string[]
}

export const operations = recorded as unknown as Readonly<Record<OperationName, Operation>>

/** A request whose form is right. */
export type GithubRequest = {
  readonly operation: OperationName
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

const versions = ['2022-11-28', '2026-03-10']
const patterns = Object.entries(operations).map(([name, { method, path }]) => ({
  name: name as OperationName,
  method,
  pattern: new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}))

/** Finds the operation that a request asks for; undefined where the lab serves none, as for what GitHub does not have. */
export function findOperation(
  method: string,
  path: string,
): Pick<GithubRequest, 'operation' | 'params'> | undefined {
  for (const each of patterns) {
    const found = each.method === method ? each.pattern.exec(path) : null
    if (!found) continue
    const params = Object.entries(found.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value),
    ])
    return { operation: each.name, params: Object.fromEntries(params) }
  }
  return undefined
}

/** Reads a request strictly by GitHub's own description of its API; throws GithubError. */
export async function readRequest(incoming: IncomingMessage, url: URL): Promise<GithubRequest> {
  const { headers, method = 'GET' } = incoming
  const raw = await text(incoming)
  if (!headers['user-agent'])
    throw new GithubError(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
    )
  const version = headers['x-github-api-version']
  if (version !== undefined && !versions.includes(String(version)))
    throw new GithubError(400, `Unsupported 'X-GitHub-Api-Version' header: ${version}`)
  const found = findOperation(method, url.pathname)
  if (!found) throw notFound()
  const { query: known, body: schema } = operations[found.operation]
  const query = Object.fromEntries(url.searchParams)
  for (const [name, value] of Object.entries(query)) checkParameter(name, value, known[name])
  return { ...found, query, body: schema ? readBody(raw, schema) : {} }
}

function checkParameter(name: string, value: string, schema: Schema | undefined): void {
  if (schema === undefined)
    throw new GithubError(422, `Invalid request.\n\n"${name}" is not a permitted key.`)
  const typed = schema.type === 'integer' && /^\d+$/.test(value) ? Number(value) : value
  const fault = findFault(typed, schema, `parameters/${name}`)
  if (fault !== undefined) throw new GithubError(422, `Invalid request.\n\n${fault}`)
}

function readBody(raw: string, schema: Schema): Record<string, unknown> {
  let body: unknown
  try {
    body = JSON.parse(raw === '' ? '{}' : raw)
  } catch {
    throw new GithubError(400, 'Problems parsing JSON')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new GithubError(400, 'Body should be a JSON object')
  const fault = findFault(body, schema, 'properties')
  if (fault !== undefined) throw new GithubError(422, `Invalid request.\n\n${fault}`)
  return body as Record<string, unknown>
}
