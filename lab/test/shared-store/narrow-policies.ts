import { parseStore } from '@meridian/identity'
import { documentedBoundary, documentedPolicies, type Policies, type Policy } from '@meridian/lab-aws'

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
  return documentedPolicies(parametersOf(store))
}

/** What the documented boundary leaves to machines whose state lies in such a store. */
export function boundaryFor(store: string): Policy {
  return documentedBoundary(parametersOf(store))
}

function parametersOf(store: string): { StateBucket: string; StatePath: string } {
  const { bucket, path } = parseStore(store)
  return { StateBucket: bucket, StatePath: path === '' ? '' : `${path}/` }
}
