import type { Kind } from '../kind.ts'
import type { Reply } from './call.ts'
import { kindsByVersion } from './discovery.ts'

/**
 * OpenAPI v3, as far as kubectl needs it: which kinds take a patch with `fieldValidation`. Schemas are open, so
 * that a client validates nothing and leaves the checking to the server.
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
    components: { schemas: Object.fromEntries(kinds.map(kind => [schemaName(kind), describeSchema(kind)])) },
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

function schemaName({ group, version, kind }: Kind): string {
  return `io.k8s.${group || 'core'}.${version}.${kind}`
}

function describeSchema(kind: Kind): unknown {
  return {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
    'x-kubernetes-group-version-kind': [identityOf(kind)],
  }
}

function identityOf({ group, version, kind }: Kind): unknown {
  return { group, version, kind }
}
