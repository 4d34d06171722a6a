import type { Call, Command, Environment } from '../command.ts'
import type { Flags } from '../flags.ts'
import type { Terminal } from '../terminal.ts'
import type { WorldClient } from '../world-client.ts'
import type { CloudClient } from './cloud-client.ts'
import type { StateStore } from './store.ts'

/** What every command of kops works with. */
export type Kops = Terminal & {
  world: WorldClient
  /** The cloud of a region. */
  cloud(region: string): CloudClient
  openStore(location: string): Promise<StateStore>
  /** Ends this process as a lost machine would, and the job's that called it. */
  die(withJob: boolean): void
}

export type KopsCommand = Command<Kops>

/** The state store that `--state` or the environment names. */
export function storeOf({ flags }: Call, kops: Kops): Promise<StateStore> {
  return kops.openStore(flags.text('state') || kops.env.KOPS_STATE_STORE || '')
}

/** The cluster that a call names; `checkClusterName` has made sure that it names one. */
export function clusterNameOf({ args, flags }: Call, kops: Kops): string {
  return givenName(flags, kops.env) || (args[0] ?? '')
}

/** Refuses calls that name no cluster or more than one, in kops' words. */
export function checkClusterName(
  args: readonly string[],
  flags: Flags,
  env: Environment,
): string | undefined {
  if (args.length > 1) return 'expected a single <clustername> to be passed as an argument'
  if (args.length === 1 && givenName(flags, env) !== '') {
    return 'cannot specify cluster via --name and positional argument'
  }
  return args.length === 0 && givenName(flags, env) === '' ? '--name is required' : undefined
}

function givenName(flags: Flags, env: Environment): string {
  return flags.text('name') || env.KOPS_CLUSTER_NAME || ''
}
