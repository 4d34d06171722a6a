/**
 * Records what Kubernetes' kinds may hold, for the lab's API servers: `lab/kube-api/schema/kubernetes-1.35.json`.
 *
 *     pip download --no-deps kubernetes-validate==1.35.0 && unzip kubernetes_validate-1.35.0-*.whl
 *     go mod download k8s.io/api@v0.35.7
 *     node scripts/record-kube-schemas.ts kubernetes_validate "$(go env GOMODCACHE)/k8s.io/api@v0.35.7"
 *
 * The package has the OpenAPI definitions of Kubernetes 1.35.0 as JSON schemas. What these leave out stands in the Go
 * types that they were made from: the values of an enumeration, the defaults, and the Go names of types that are not structs (`x-go-type`).
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './action-files.ts'

type Json = { [name: string]: unknown }
type Definition = Json & { properties?: Record<string, Json> }
/** `foreign`: the type is of another package, which is that of the core group wherever it matters. */
type GoField = { name: string; type: string; fallback: string | undefined; foreign: boolean }

const [unpacked, api] = process.argv.slice(2)
if (!unpacked || !api) throw new Error('usage: record-kube-schemas.ts <kubernetes_validate> <k8s.io/api>')
const schemas = join(unpacked, 'kubernetes-json-schema/v1.35.0-local/_definitions.json')
const published: Record<string, Definition> = JSON.parse(readFileSync(schemas, 'utf8')).$defs
const identity = 'x-kubernetes-group-version-kind'

const kept = new Map<string, Definition>()
for (const [name, definition] of Object.entries(published)) {
  if (definition[identity] && /\.v\d+\.\w+$/.test(name) && !name.endsWith('List')) keep(name)
}
const core = readEnumerations(readFileSync(join(api, 'core/v1/types.go'), 'utf8'))
for (const path of globSync('*/v?/types.go', { cwd: api })) {
  const [folder = '', version = ''] = path.split('/')
  addGoFacts(folder, version, readFileSync(join(api, path), 'utf8'))
}
const lines = [...kept].sort().map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
const target = join(repository, 'lab/kube-api/schema/kubernetes-1.35.json')
writeFileSync(target, `{\n${lines.join(',\n')}\n}\n`)

/** Keeps a definition and all that it refers to. */
function keep(name: string): void {
  const definition = published[name]
  if (!definition || kept.has(name)) return
  kept.set(name, compact(definition))
  for (const [, inner = ''] of JSON.stringify(definition).matchAll(/"#\/\$defs\/([^"]+)"/g)) keep(inner)
}

/** A schema without prose, without null types and without the draft's own way of saying which kind it is. */
function compact({ description: _d, enum: _e, type, $ref, properties, ...others }: Definition): Definition {
  const children = Object.entries(others).map(([name, child]) => [
    name,
    isJson(child) ? compact(child) : child,
  ])
  const fields = Object.entries(properties ?? {}).map(([name, property]) => [name, compact(property)])
  return {
    ...(type ? { type: Array.isArray(type) ? type[0] : type } : {}),
    ...($ref ? { $ref: String($ref).replace('#/$defs/', '') } : {}),
    ...Object.fromEntries(children),
    ...(properties ? { properties: Object.fromEntries(fields) } : {}),
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function addGoFacts(folder: string, version: string, source: string): void {
  const enumerations = readEnumerations(source)
  for (const [, struct = '', body = ''] of source.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms)) {
    const properties = kept.get(`io.k8s.api.${folder}.${version}.${struct}`)?.properties
    for (const { name, type, fallback, foreign } of readFields(body)) {
      const property = properties?.[name]
      if (!property) continue
      if (fallback !== undefined) property.default = JSON.parse(fallback)
      const own = (property.items ?? property) as Json
      const values = (foreign ? core : enumerations).get(type)
      if (values && own.type === 'string') own.enum = values
      if (isNamed(type, own)) own['x-go-type'] = `${foreign ? 'v1' : version}.${type}`
    }
  }
}

/** Whether Go has a name for a text or a map. */
function isNamed(type: string, { $ref, type: json }: Json): boolean {
  return $ref === undefined && (json === 'string' || json === 'object') && /^[A-Z]/.test(type)
}

/** The values of every type that is marked as an enumeration. */
function readEnumerations(source: string): Map<string, string[]> {
  const enumerations = new Map<string, string[]>()
  for (const [, comments = '', name = ''] of source.matchAll(/((?:^\/\/.*\n)+)^type (\w+) string$/gm)) {
    if (!comments.includes('+enum')) continue
    const constants = source.matchAll(new RegExp(`^(?:const|\\t)\\s*\\w+\\s+${name}\\s*=\\s*"([^"]*)"`, 'gm'))
    const values = [...constants].flatMap(([, value]) => value || [])
    if (values.length > 0) enumerations.set(name, values.sort())
  }
  return enumerations
}

function readFields(body: string): GoField[] {
  const fields: GoField[] = []
  let fallback: string | undefined
  for (const line of body.split('\n')) {
    fallback = /^\s*\/\/ \+default=("[^"]*"|\d+|true|false)$/.exec(line)?.[1] ?? fallback
    const [, foreign, type, name] = /^\s+\w+\s+(?:\[\])?\*?(\w+\.)?(\w+)\s+`json:"(\w+)/.exec(line) ?? []
    if (type && name) fields.push({ name, type, fallback, foreign: foreign !== undefined })
    if (!/^\s*\/\//.test(line)) fallback = undefined
  }
  return fields
}
