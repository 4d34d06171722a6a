import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53'
import { errorCode } from '@meridian/aws'
import { messageOf, type Patience, pause, UserError } from '@meridian/runner'
import { createProtections, liftProtections } from '../ownership/protections.ts'
import type { Plan } from '../plan/plan.ts'
import { bareId, type Route53 } from '../route53.ts'
import { judgeChangeFailure } from './change-errors.ts'

export type Applied = {
  /** Did this run change Route 53? True also if only reading back told so. */
  readonly changed: boolean
  /** Absent where nothing was changed, and where the answer that names it was lost. */
  readonly changeId?: string
  /** The plan that was carried out: a fresh one where others changed the name in between. */
  readonly plan: Plan
}

const busyMilliseconds = { first: 1_000, most: 15_000 }
const mostRejections = 5

/** Reads the name again and plans anew, with a look at protections where they may be the reason of a rejection. */
export type Replan = (look?: 'if-allowed') => Promise<Plan>

/**
 * Carries out a plan until it holds, within the job's deadline. `replan` settles a request whose fate is unknown,
 * and follows what others changed in between. Throws a UserError for a refusal, and for a batch that Route 53 keeps
 * rejecting. New protections are not made yet, unless they are all that is to do: see `protectGroup`.
 */
export async function applyGroup(
  patience: Patience,
  route53: Route53,
  zone: { id: string },
  first: Plan,
  replan: Replan,
): Promise<Applied> {
  let plan = first
  let sent = false
  let rejections = 0
  for (let wait = busyMilliseconds.first; ; wait = Math.min(busyMilliseconds.most, wait * 2)) {
    patience.signal.throwIfAborted()
    if (plan.kind === 'refuse') throw new UserError(plan.message, { fix: plan.fix })
    if (plan.kind === 'nothing') return { changed: sent, plan }
    try {
      const changeId = await sendChange(route53, zone, plan)
      return { changed: true, plan, ...(changeId && { changeId }) }
    } catch (error) {
      const failure = judgeChangeFailure(error)
      if (failure === 'fatal') throw explainHealthCheck(error) ?? error
      await standBack(patience, error, Math.random() * wait)
      if (failure === 'busy') continue
      const next = await replan(failure === 'rejected' ? 'if-allowed' : undefined)
      rejections += failure === 'rejected' ? 1 : 0
      if (failure === 'rejected' && (rejections >= mostRejections || isSameChange(plan, next)))
        throw explainRejection(error)
      // What is rejected was not made by this run, but perhaps by an equal one; unless a try was lost before.
      sent ||= failure === 'ambiguous' || triedBefore(error)
      plan = next
    }
  }
}

/** The SDK may be told to try again by itself when a connection breaks. */
function triedBefore(error: unknown): boolean {
  return ((error as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1) > 1
}

/** Rejected or lost, and still the right thing to send. */
export function isSameChange(plan: Plan, next: Plan): boolean {
  return (
    plan.kind === 'change' &&
    next.kind === 'change' &&
    JSON.stringify([plan.lift, plan.batch]) === JSON.stringify([next.lift, next.batch])
  )
}

/** Lifts what is in the way, then sends the batch; where there is none, makes the protections. */
async function sendChange(
  route53: Route53,
  zone: { id: string },
  { lift, batch, protect }: Extract<Plan, { kind: 'change' }>,
): Promise<string | undefined> {
  if (lift.length > 0) await liftProtections(route53, zone, lift)
  if (batch.length === 0) {
    if (protect.length > 0) await createProtections(route53, zone, protect)
    return undefined
  }
  const answer = await route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: zone.id,
      ChangeBatch: { Comment: 'one latency group and its owner mark', Changes: [...batch] },
    }),
  )
  return bareId(answer.ChangeInfo?.Id ?? '')
}

/**
 * Makes the protections of a group that has been written, and stays until a look finds everything in place: a
 * removal in between must not leave protections without records.
 */
export async function protectGroup(
  patience: Patience,
  route53: Route53,
  zone: { id: string },
  replan: Replan,
): Promise<void> {
  for (let plan = await replan(); plan.kind !== 'nothing'; plan = await replan())
    await applyGroup(patience, route53, zone, plan, replan)
}

async function standBack(patience: Patience, error: unknown, wait: number): Promise<void> {
  if (Date.now() + wait > patience.deadline) throw error
  patience.log.info(`Route 53: ${messageOf(error)}; going on in ${Math.ceil(wait / 1000)} s`)
  await pause(wait, patience.signal)
}

function explainHealthCheck(error: unknown): UserError | undefined {
  if (errorCode(error) !== 'NoSuchHealthCheck') return undefined
  return new UserError(`Route 53 rejects the change: ${messageOf(error)}`, {
    fix: 'Nothing was changed. Give the id of a health check of this account, or none to take it off the record.',
    input: 'health-checks',
    cause: error,
  })
}

function explainRejection(error: unknown): UserError {
  const { Messages } = error as { Messages?: unknown }
  const reasons = Messages === undefined ? messageOf(error) : JSON.stringify(Messages)
  return new UserError(`Route 53 rejects the change: ${reasons}`, {
    fix: 'Nothing was changed. If something else writes this name all the time, stop it; then run again.',
    cause: error,
  })
}
