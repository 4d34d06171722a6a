import type { SignIn } from '@meridian/aws'
import { type Identity, pullRequestOf } from '@meridian/identity'
import { judgeMembers } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { type Job, messageOf, UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import type { Members } from './members.ts'
import type { SeenClaim } from './read-environment-claim.ts'

/** `asked`: its failure fails the run. `tried`: its failure is a warning. */
type Need = 'asked' | 'tried' | 'none'

/**
 * Looks at the claim of an environment that has no cluster of its own, by which teardown's mode `reap` finds its app:
 * those of clusters are in their state stores. Reads only; undefined where none is needed, or none can be had. Throws a
 * UserError for another's, and where one was asked for and cannot be had.
 */
export async function readEnvironmentClaim(
  inputs: Pick<Inputs, 'domain' | 'lifetime' | 'pullRequest' | 'repository' | 'stateStoreAccount' | 'zoneId'>,
  { members, host }: Members,
  job: Job,
  federation: Kube,
  identity: Identity,
  signIn: SignIn,
): Promise<SeenClaim | undefined> {
  const pullRequest = pullRequestOf(inputs, job)
  const wish = { lifetime: inputs.lifetime, pullRequest, host }
  const need = await needOf(wish, async () => {
    // Only clusters that kops made have stores, and claims in them.
    if (!members.some(({ provider }) => provider === 'kops')) return false
    const joined = await judgeMembers(federation, identity)
    return joined.some(({ claim }) => claim.kind === 'ours')
  })
  // Without the list of clusters nobody could tell later where the federation is.
  if (host === undefined || need === 'none') return undefined
  const { look } = await import('./read-environment-claim.ts')
  const attempt = await look(inputs, job, identity, { host, members, pullRequest, signIn }).catch(
    (error: unknown) => {
      job.signal.throwIfAborted()
      return explainMiss(error, wish, job)
    },
  )
  if (attempt?.plan.kind === 'refuse') throw new UserError(attempt.plan.message, { fix: attempt.plan.fix })
  return attempt
}

/** Whether an environment is to be claimed. Exported for its tests. */
export async function needOf(
  wish: Pick<Inputs, 'lifetime'> & { pullRequest: number | undefined; host: unknown },
  hasMembers: () => Promise<boolean>,
): Promise<Need> {
  if (wish.lifetime !== undefined) return 'asked'
  if (wish.pullRequest === undefined || wish.host === undefined) return 'none'
  // The clusters of an environment that has some have claims of their own.
  return (await hasMembers()) ? 'none' : 'tried'
}

function explainMiss(error: unknown, { lifetime }: Pick<Inputs, 'lifetime'>, { log }: Job): undefined {
  if (lifetime !== undefined) throw error
  log.warning(
    `The app is not claimed, so that nobody takes it away when the pull request is closed: ${messageOf(error)}. Let the run write to the hosted zone (docs/iam), or remove the app with teardown and scope: dns,app in a workflow of your own.`,
  )
}
