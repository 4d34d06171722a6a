import { parseStore } from '@meridian/identity'
import type { Policies } from '../../aws/access/policies.ts'

const usual = 'arn:aws:s3:::*-state'

/** The documented policies for clusters in the usual buckets, and in one shared store besides. */
export function policiesFor(policies: Policies, store: string): Policies {
  return mapResources(policies, resource =>
    resource.startsWith(usual) ? [resource, inStore(resource, store)] : [resource],
  )
}

/** The documented policies as docs/iam/README.md says to narrow them to one shared store. */
export function narrowedTo(policies: Policies, store: string): Policies {
  return mapResources(policies, resource => [
    resource.startsWith(usual) ? inStore(resource, store) : resource,
  ])
}

/** `*-state` becomes the bucket, and `*-state/` what lies below the store's path. */
function inStore(resource: string, store: string): string {
  const { bucket, path } = parseStore(store)
  const below = resource.slice(usual.length)
  const folder = path === '' || below === '' ? '' : `/${path}`
  return `arn:aws:s3:::${bucket}${folder}${below}`
}

function mapResources(policies: Policies, change: (resource: string) => string[]): Policies {
  return Object.fromEntries(
    Object.entries(policies).map(([name, { Version, Statement }]) => [
      name,
      {
        Version,
        Statement: Statement.map(each => ({ ...each, Resource: each.Resource.flatMap(change) })),
      },
    ]),
  )
}
