import { AwsError, type XmlNode } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'

export type HealthCheck = {
  account: string
  id: string
  callerReference: string
  /** As it was given: the lab stores health checks and probes nothing. */
  config: { [name: string]: XmlNode | XmlNode[] | undefined }
  version: number
  tags: Record<string, string>
  /** What the checkers see; tests turn it. */
  healthy: boolean
}

export type HealthChecks = {
  add(callerReference: string, config: HealthCheck['config'], account?: string): HealthCheck
  /** Throws NoSuchHealthCheck. */
  get(id: string): HealthCheck
  has(id: string): boolean
  /** Checks that are disabled or gone count as healthy. */
  isHealthy(id: string): boolean
  remove(id: string): void
  list(): HealthCheck[]
  /** The checks as one account sees them. */
  of(account: string): HealthChecks
}

/**
 * Health checks of all accounts, each also in the inventory since it costs money. One that is not there counts as
 * healthy.
 */
export function createHealthChecks(world: World): HealthChecks {
  const checks = new Map<string, HealthCheck>()
  const all: HealthChecks = {
    add(callerReference, config, account = world.accountId) {
      const id = uuid(world)
      const check = { account, id, callerReference, config, version: 1, tags: {}, healthy: true }
      checks.set(id, check)
      world.inventory.add({ type: 'health-check', account, region: 'global', id })
      return check
    },
    get(id) {
      const check = checks.get(id)
      if (!check) throw absent(id)
      return check
    },
    has: id => checks.has(id),
    isHealthy(id) {
      const check = checks.get(id)
      if (!check) return true
      const seen = check.config.Disabled === 'true' || check.healthy
      return check.config.Inverted === 'true' ? !seen : seen
    },
    remove(id) {
      checks.delete(id)
      world.inventory.remove(id)
    },
    list: () => [...checks.values()],
    of: account => ({
      ...all,
      add: (callerReference, config) => all.add(callerReference, config, account),
      list: () => all.list().filter(check => check.account === account),
      get(id) {
        const check = all.get(id)
        if (check.account !== account) throw absent(id)
        return check
      },
      has: id => checks.get(id)?.account === account,
    }),
  }
  return all
}

function absent(id: string): AwsError {
  return new AwsError(404, 'NoSuchHealthCheck', `A health check with id ${id} does not exist.`)
}

function uuid({ random }: World): string {
  return '********-****-4***-a***-************'.replace(/\*/g, () => Math.floor(random() * 16).toString(16))
}
