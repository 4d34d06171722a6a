import type { Credentials, LongLivedKey, Session } from '@meridian/lab-aws-protocol'
import type { Zone, ZoneOptions, Zones } from '@meridian/lab-route53'
import type { World } from '@meridian/lab-world'

/** One account, as those see it who have its keys. */
export type Account = {
  id: string
  /** A long-lived key. */
  credentials: LongLivedKey
  /** AWS_* variables of its key, to be laid over a machine's environment. */
  env: Record<string, string>
  /** A session of one of its roles, as a step before an action would have made it. */
  issueSession(seconds?: number): Session
  addZone(name: string, options?: ZoneOptions): Zone
}

/** Opens an account by its number. */
export function openAccount(
  world: World,
  { credentials, zones }: { credentials: Credentials; zones: Zones },
  id: string,
): Account {
  world.accounts.add(id)
  const key = credentials.add(id)
  return {
    id,
    credentials: key,
    env: { AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey },
    issueSession: (seconds = 3600) =>
      credentials.issue({ account: id, name: 'deployer' }, 'earlier-step', seconds),
    addZone: (name, options) => zones.add(name, { ...options, account: id }),
  }
}
