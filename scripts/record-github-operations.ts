/**
 * Records what GitHub's REST API takes, for the lab: `lab/github/operations.json`.
 *
 *     npm install --prefix /tmp/github @octokit/openapi@23.0.2
 *     node scripts/record-github-operations.ts /tmp/github/node_modules/@octokit/openapi/generated/api.github.com.json
 *
 * Of each operation that the lab serves: its parameters, the schema of its body, and the fields that its answer must have.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './action-files.ts'

type Node = { [key: string]: unknown; $ref?: string; description?: string }
type Operation = {
  operationId: string
  parameters?: Node[]
  requestBody?: Node
  responses: Record<string, Node>
}

const served = [
  'issues/create-comment',
  'issues/delete-comment',
  'issues/list-comments',
  'issues/update-comment',
  'pulls/get',
  'reactions/create-for-issue-comment',
  'repos/create-deployment',
  'repos/create-deployment-status',
  'repos/delete-an-environment',
  'repos/get-all-environments',
  'repos/get-collaborator-permission-level',
  'repos/list-activities',
  'repos/list-deployment-statuses',
  'repos/list-deployments',
]

const [file] = process.argv.slice(2)
if (!file) throw new Error('usage: record-github-operations.ts <api.github.com.json>')
const document = JSON.parse(readFileSync(file, 'utf8'))
const found = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) =>
    served.includes(operation.operationId) ? [record(method.toUpperCase(), path, operation)] : [],
  ),
)
const lines = found
  .toSorted(([a], [b]) => a.localeCompare(b))
  .map(([id, operation]) => `${JSON.stringify(id)}:${JSON.stringify(operation)}`)
writeFileSync(join(repository, 'lab/github/operations.json'), `{\n${lines.join(',\n')}\n}\n`)

function record(method: string, path: string, operation: Operation): [string, object] {
  const parameters = (operation.parameters ?? []).map(follow)
  const query = parameters.filter(each => each.in === 'query').map(each => [each.name, compact(each.schema)])
  const body = schemaOf(operation.requestBody)
  const [status = '', answer] =
    Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? []
  return [
    operation.operationId,
    {
      method,
      path,
      query: Object.fromEntries(query),
      ...(body && { body: compact(body) }),
      status: Number(status),
      fields: requiredFields(schemaOf(answer)),
    },
  ]
}

function follow(node: Node): Node {
  if (node.$ref === undefined) return node
  const steps = node.$ref.split('/').slice(1)
  return follow(steps.reduce((at, step) => at[step], document))
}

function schemaOf(holder: Node | undefined): Node | undefined {
  const content = holder && (follow(holder).content as Record<string, { schema: Node }> | undefined)
  const schema = content?.['application/json']?.schema
  return schema && follow(schema)
}

/** The fields that an answer, or each entry of a list, must have. */
function requiredFields(schema: Node | undefined): unknown {
  return schema?.items ? requiredFields(follow(schema.items as Node)) : (schema?.required ?? [])
}

/** A schema without its prose. */
function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(follow(value as Node)).filter(
    ([key, each]) => !(key === 'description' && typeof each === 'string'),
  )
  return Object.fromEntries(entries.map(([key, each]) => [key, compact(each)]))
}
