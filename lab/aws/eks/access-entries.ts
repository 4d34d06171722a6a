import { type Grant, grantOf } from './access-policies.ts'
import type { AccessEntry, EksCluster } from './cluster.ts'
import type { Caller } from './identify-caller.ts'

/** Whom a caller is in a cluster. */
export type EksUser = { name: string; groups: string[]; grants: Grant[] }

/** Entries and callers know roles by their names alone: an ARN of a session does not say the role's path. */
export function withoutPath(arn: string): string {
  return arn.replace(/:role\/.*\/([^/]+)$/, ':role/$1')
}

/** Whom an access entry makes of a caller; undefined without one. */
export function userOfEntry({ entries }: EksCluster, caller: Caller): EksUser | undefined {
  const entry = entries.get(withoutPath(caller.canonicalArn))
  if (!entry) return undefined
  // Names of Kubernetes have no @ in them here.
  const session = caller.sessionName.replaceAll('@', '-')
  return {
    name: entry.username
      .replaceAll('{{SessionName}}', session)
      .replaceAll('{{SessionNameRaw}}', caller.sessionName),
    groups: entry.kubernetesGroups,
    grants: entry.policies.map(grantOf),
  }
}

export type NewEntry = {
  username?: string
  kubernetesGroups?: string[]
  policies?: { policyArn: string; namespaces?: string[] }[]
  tags?: Record<string, string>
}

/** Makes an entry for a role or a user, in the place of another one. */
export function putEntry(
  cluster: EksCluster,
  principalArn: string,
  given: NewEntry,
  now: number,
): AccessEntry {
  const { account, region, name } = cluster
  const [, owner, kind, principal = ''] =
    /^arn:[\w-]+:iam::(\d{12}):(role|user)\/(.+)$/.exec(principalArn) ?? []
  const short = principal.split('/').at(-1)
  const path = `${name}/${kind}/${owner}/${short}/${crypto.randomUUID()}`
  const entry: AccessEntry = {
    principalArn,
    accessEntryArn: `arn:aws:eks:${region}:${account}:access-entry/${path}`,
    username:
      given.username ??
      (kind === 'role' ? `arn:aws:sts::${owner}:assumed-role/${short}/{{SessionName}}` : principalArn),
    kubernetesGroups: given.kubernetesGroups ?? [],
    policies: (given.policies ?? []).map(({ policyArn, namespaces }) => ({
      policyArn,
      accessScope: { type: namespaces ? 'namespace' : 'cluster', namespaces: namespaces ?? [] },
      associatedAt: now,
    })),
    tags: given.tags ?? {},
    createdAt: now,
    modifiedAt: now,
  }
  cluster.entries.set(withoutPath(principalArn), entry)
  return entry
}
