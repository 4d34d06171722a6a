import { isFields } from '@meridian/lab-world/json'
import type { Kind } from '../kind.ts'
import { definitionsBehind, metadataSchema } from '../schema/published.ts'
import type { GroupVersionKind, Schema } from '../schema/schema.ts'
import { schemaOf } from '../schema/schema-of.ts'
import type { Reply } from './call.ts'
import { kindsByVersion } from './discovery.ts'

/**
 * OpenAPI v3, as far as kubectl needs it: which kinds take a patch with `fieldValidation`, so that it leaves the
 * checking to the server, and which fields objects have (`kubectl explain`); nothing describes these in words.
 */
export function describeOpenApi(path: string, kinds: readonly Kind[]): Reply | undefined {
  const versions = kindsByVersion(kinds)
  if (path === '/openapi/v3') {
    const paths = [...versions.keys()].map(version => {
      const page = version.includes('/') ? `apis/${version}` : `api/${version}`
      return [page, { serverRelativeURL: `/openapi/v3/${page}` }]
    })
    return { code: 200, body: { paths: Object.fromEntries(paths) } }
  }
  const version = /^\/openapi\/v3\/(?:api|apis)\/(.+)$/.exec(path)?.[1]
  const members = version === undefined ? undefined : versions.get(version)
  return members && { code: 200, body: describeVersion(members) }
}

function describeVersion(kinds: readonly Kind[]): unknown {
  const [first] = kinds
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: first?.version ?? '' },
    paths: Object.fromEntries(kinds.map(kind => [pathOf(kind), { patch: describePatch(kind) }])),
    components: { schemas: describeSchemas(kinds) },
  }
}

function pathOf({ group, version, plural, namespaced }: Kind): string {
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`
  return `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}/{name}`
}

function describePatch(kind: Kind): unknown {
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map(name => ({
    name,
    in: 'query',
    schema: { type: name === 'force' ? 'boolean' : 'string', uniqueItems: true },
  }))
  return {
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': identityOf(kind),
    parameters,
    responses: { 200: { description: 'OK' } },
  }
}

function describeSchemas(kinds: readonly Kind[]): unknown {
  const own = kinds.map(kind => [schemaName(kind), describeObject(kind)] as const)
  const behind = definitionsBehind(own.map(([, schema]) => schema))
  return refer(Object.fromEntries([...behind, ...own]))
}

/** As Kubernetes names it: by the reversed name of the group. */
function schemaName({ group, version, kind }: Kind): string {
  const domain = group.includes('.') ? group.split('.').reverse().join('.') : `io.k8s.api.${group || 'core'}`
  return `${domain}.${version}.${kind}`
}

const textField: Schema = { type: 'string' }

function describeObject(kind: Kind): Schema {
  const schema = schemaOf(kind) ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  return {
    ...schema,
    properties: { apiVersion: textField, kind: textField, ...schema.properties, metadata: metadataSchema },
    'x-kubernetes-group-version-kind': [identityOf(kind)],
  }
}

/** The same with references from the root of an OpenAPI document. */
function refer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(refer)
  if (!isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      name === '$ref' && typeof each === 'string' ? `#/components/schemas/${each}` : refer(each),
    ]),
  )
}

function identityOf({ group, version, kind }: Kind): GroupVersionKind {
  return { group, version, kind }
}
