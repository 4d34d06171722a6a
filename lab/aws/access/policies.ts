import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Policy } from './policy.ts'

/** Policies by client, as in the request log: an action's name, or `kops`. */
export type Policies = Readonly<Record<string, Policy>>

const directory = fileURLToPath(new URL('../../../docs/iam/', import.meta.url))

/** The policies that the documentation tells people to use. */
export function documentedPolicies(): Policies {
  const files = readdirSync(directory).filter(file => file.endsWith('.json'))
  return Object.fromEntries(
    files.map(file => [file.slice(0, -'.json'.length), JSON.parse(readFileSync(directory + file, 'utf8'))]),
  )
}
