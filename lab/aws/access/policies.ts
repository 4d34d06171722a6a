import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { labKey } from '../s3/kms-keys.ts'
import type { Policy } from './policy.ts'

/** Policies by client, as in the request log: an action's name, or `kops`. */
export type Policies = Readonly<Record<string, Policy>>

/** What a policy of the documentation leaves open: `${Domain}` and its like. */
export type PolicyParameters = {
  Account: string
  /** What the full names of clusters end in. */
  Domain: string
  /** Name of the policy that bounds the machines' roles. */
  Boundary: string
  HostedZone: string
  StateBucket: string
  /** '' or ends in a slash. */
  StatePath: string
  /** Id of the key that encrypts the bucket, or `none`. */
  StateKey: string
}

const directory = fileURLToPath(new URL('../../../docs/iam/', import.meta.url))

const labParameters: PolicyParameters = {
  Account: '111122223333',
  Domain: 'k8s.example.com',
  Boundary: 'meridian-machines',
  HostedZone: '*',
  StateBucket: '*-state',
  StatePath: '',
  StateKey: labKey,
}

/** The policies that the documentation tells people to use, for the lab's account and domain by default. */
export function documentedPolicies(given: Partial<PolicyParameters> = {}): Policies {
  const policies: Record<string, Policy> = {}
  for (const [name, policy] of Object.entries(policyFiles(given))) {
    // One policy does not hold all that kops needs.
    const client = name.startsWith('kops-') ? 'kops' : name
    const others = policies[client]?.Statement ?? []
    policies[client] = { ...policy, Statement: [...others, ...policy.Statement] }
  }
  return policies
}

/** The same, each file by its name without `.json`. */
export function policyFiles(given: Partial<PolicyParameters> = {}): Policies {
  const files = readdirSync(directory).filter(file => file.endsWith('.json'))
  return Object.fromEntries(files.map(file => [file.slice(0, -'.json'.length), readPolicy(file, given)]))
}

/** What the roles of a cluster's machines may do at most. */
export function documentedBoundary(given: Partial<PolicyParameters> = {}): Policy {
  return readPolicy('boundary/machines.json', given)
}

/** Throws for a parameter that nobody knows. */
function readPolicy(file: string, given: Partial<PolicyParameters>): Policy {
  const values: Record<string, string> = { ...labParameters, ...given }
  const text = readFileSync(directory + file, 'utf8').replace(/\$\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${file} has a parameter that nobody gives: ${whole}`)
    return value
  })
  return JSON.parse(text) as Policy
}
