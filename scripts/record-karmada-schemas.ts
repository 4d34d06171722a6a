/**
 * Records for the lab what `karmadactl init` puts into Karmada's API server, `lab/karmada/kinds/karmada-1.18.json`:
 * the definitions of its kinds, and the webhooks that these are sent to.
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
  apiVersion: string
  kind: string
  metadata: { name: string }
  spec: { versions: { schema: { openAPIV3Schema: Schema } }[] }
}
type Webhooks = { kind: string; webhooks: { clientConfig: { url: string; caBundle?: string } }[] }

const [karmada = ''] = process.argv.slice(2)
if (karmada === '') throw new Error('usage: record-karmada-schemas.ts <github.com/karmada-io/karmada>')
const openApi = JSON.parse(readFileSync(join(karmada, 'api/openapi-spec/swagger.json'), 'utf8'))
const own = 'com.github.karmada-io.karmada.pkg.apis.'

const cluster = compact({ $ref: `#/definitions/${own}cluster.v1alpha1.Cluster` })
const definitions = globSync('charts/karmada/_crds/bases/*/*.yaml', { cwd: karmada })
  .toSorted()
  .map(path => compactDefinition(parse(readFileSync(join(karmada, path), 'utf8'))))
const lines = [
  `"cluster":${JSON.stringify(cluster)}`,
  `"definitions":[\n${definitions.map(each => JSON.stringify(each)).join(',\n')}\n]`,
  `"webhooks":[\n${readWebhooks()
    .map(each => JSON.stringify(each))
    .join(',\n')}\n]`,
]
writeFileSync(join(repository, 'lab/karmada/kinds/karmada-1.18.json'), `{\n${lines.join(',\n')}\n}\n`)

function compactDefinition({ apiVersion, kind, metadata: { name }, spec }: Definition): Definition {
  const versions = spec.versions.map(({ schema, ...version }) => ({
    ...version,
    schema: { openAPIV3Schema: compact(schema.openAPIV3Schema) },
  }))
  return { apiVersion, kind, metadata: { name }, spec: { ...spec, versions } }
}

/** The configurations stand as text in the tool; of their addresses only what follows the server is kept. */
function readWebhooks(): Webhooks[] {
  const source = readFileSync(
    join(karmada, 'pkg/karmadactl/cmdinit/karmada/webhook_configuration.go'),
    'utf8',
  )
  return [...source.matchAll(/Sprintf\(`([^`]*)`/g)].map(([, text = '']) => {
    const { webhooks, ...configuration }: Webhooks = parse(text.replace(/^.*caBundle:.*$/gm, ''))
    const located = webhooks.map(webhook => ({
      ...webhook,
      clientConfig: { url: new URL(webhook.clientConfig.url.replace('%[1]s', 'x')).pathname },
    }))
    return { ...configuration, webhooks: located }
  })
}

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
