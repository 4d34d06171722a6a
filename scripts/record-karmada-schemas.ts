/**
 * Records what Karmada's kinds may hold, for the lab: `lab/kube/karmada/kinds/karmada-1.18.json`.
 *
 *     go mod download github.com/karmada-io/karmada@v1.18.2
 *     node scripts/record-karmada-schemas.ts "$(go env GOMODCACHE)/github.com/karmada-io/karmada@v1.18.2"
 *
 * The definitions of its custom resources are those that a release ships; Cluster, which an API server of Karmada's
 * own serves, stands in its OpenAPI document.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { repository } from './action-files.ts'

type Schema = {
  description?: string
  $ref?: string
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  items?: Schema
  'x-kubernetes-validations'?: unknown
}
type Definition = {
  spec: { names: { kind: string }; versions: { storage: boolean; schema: { openAPIV3Schema: Schema } }[] }
}

const [karmada] = process.argv.slice(2)
if (!karmada) throw new Error('usage: record-karmada-schemas.ts <github.com/karmada-io/karmada>')
const openApi = JSON.parse(readFileSync(join(karmada, 'api/openapi-spec/swagger.json'), 'utf8'))
const own = 'com.github.karmada-io.karmada.pkg.apis.'

const schemas = new Map([['Cluster', compact({ $ref: `#/definitions/${own}cluster.v1alpha1.Cluster` })]])
for (const path of globSync('charts/karmada/_crds/bases/{policy,work,apps}/*.yaml', { cwd: karmada })) {
  const { spec }: Definition = parse(readFileSync(join(karmada, path), 'utf8'))
  const stored = spec.versions.find(version => version.storage)
  if (stored) schemas.set(spec.names.kind, compact(stored.schema.openAPIV3Schema))
}
const lines = [...schemas].sort().map(([kind, schema]) => `${JSON.stringify(kind)}:${JSON.stringify(schema)}`)
writeFileSync(join(repository, 'lab/kube/karmada/kinds/karmada-1.18.json'), `{\n${lines.join(',\n')}\n}\n`)

/** A schema without prose and rules in CEL. References to Karmada's own types are followed, others are kept. */
function compact({ description: _d, 'x-kubernetes-validations': _v, $ref = '', ...schema }: Schema): Schema {
  const name = $ref.replace('#/definitions/', '')
  if (name.startsWith(own)) return compact(openApi.definitions[name])
  const { properties, items, additionalProperties: values } = schema
  const fields = Object.entries(properties ?? {}).map(([field, each]) => [field, compact(each)] as const)
  return {
    ...(name ? { $ref: name } : {}),
    ...schema,
    ...(properties ? { properties: Object.fromEntries(fields) } : {}),
    ...(items ? { items: compact(items) } : {}),
    ...(typeof values === 'object' ? { additionalProperties: compact(values) } : {}),
  }
}
