import { parseStore } from '@meridian/identity'
import { documentedPolicies, type Policies } from '../../aws/access/policies.ts'

/** The documented policies for clusters in the usual buckets, and in one shared store besides. */
export function policiesFor(store: string): Policies {
  const [usual, shared] = [documentedPolicies(), narrowedTo(store)]
  return Object.fromEntries(
    Object.entries(usual).map(([name, { Version, Statement }]) => [
      name,
      { Version, Statement: [...Statement, ...(shared[name]?.Statement ?? [])] },
    ]),
  )
}

/** The documented policies for one shared store: its bucket, and what lies below its path. */
export function narrowedTo(store: string): Policies {
  const { bucket, path } = parseStore(store)
  return documentedPolicies({ StateBucket: bucket, StatePath: path === '' ? '' : `${path}/` })
}
