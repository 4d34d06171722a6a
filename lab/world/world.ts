import { type Accounts, createAccounts } from './accounts.ts'
import type { Faults } from './active-faults.ts'
import { type Clock, createClock } from './clock.ts'
import { createDelays, type Delays } from './delays.ts'
import { createFaults } from './faults.ts'
import { createInventory, type Inventory } from './inventory.ts'
import { createNetwork, type Network } from './network.ts'
import { seededRandom } from './random.ts'
import { createRequestLog, type RequestLog } from './request-log.ts'
import type { ScalingActivity } from './scaling-activity.ts'
import { createSecretLedger, type SecretLedger } from './secrets.ts'

/** One universe: what exists in it, what time it is, which names resolve and what goes wrong. */
export type World = {
  seed: number
  /** A number in [0, 1), the same sequence for the same seed. */
  random(): number
  /** The main account's number. */
  accountId: string
  accounts: Accounts
  clock: Clock
  /** What clients of the world have had to wait for. */
  delays: Delays
  inventory: Inventory
  network: Network
  faults: Faults
  requests: RequestLog
  secrets: SecretLedger
  /** What auto scaling groups have tried, oldest first. */
  activities: ScalingActivity[]
  /** Cancels every timer. */
  close(): void
}

/** After so long the programs that people use give up a connection. */
const connectSeconds = 30

export type WorldOptions = {
  seed?: number
  /** How many world seconds pass in a real one. */
  scale?: number
  /** Whether its dates pass as fast as its delays: for processes whose own clock is scaled, too. */
  dates?: 'real' | 'scaled'
  /** Names of `knownFaults`. */
  faults?: readonly string[]
}

/**
 * A world without services. `scale` is how many of its seconds pass in one of this machine's; account 111122223333.
 */
export function createWorld({ seed = 1, scale = 60, dates = 'real', faults = [] }: WorldOptions = {}): World {
  const accountId = '111122223333'
  const random = seededRandom(seed)
  const known = createFaults(faults)
  const clock = createClock(scale, { skew: (known.parameter('clock-skew') ?? 0) * 60_000, dates })
  return {
    seed,
    random,
    accountId,
    accounts: createAccounts(accountId),
    clock,
    delays: createDelays(clock),
    inventory: createInventory({ accountId, random, now: clock.now }),
    network: createNetwork(() => clock.sleep(connectSeconds)),
    faults: known,
    requests: createRequestLog(),
    secrets: createSecretLedger(),
    activities: [],
    close: clock.stop,
  }
}
