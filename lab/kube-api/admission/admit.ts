import type { ResourceCall } from '../http/call.ts'
import { warn } from '../http/send.ts'
import type { KubeObject } from '../objects.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import type { Amend } from '../store.ts'
import { callWebhook, type Question } from './call-webhook.ts'
import { findWebhooks, type Operation, type Phase, selectsMatter } from './match-webhooks.ts'

type Written = { dryRun: boolean; amend?: Amend }

/**
 * Carries out a write as the registered webhooks let it be: the mutating ones see it one after the other as it would
 * be stored, the validating ones together what has become of it. `write` is called again for each state, so what
 * changes meanwhile is met by its own checks. Throws what a webhook refuses with.
 */
export async function writeAdmitted(
  call: ResourceCall,
  previous: KubeObject | undefined,
  dryRun: boolean,
  write: (how: Written) => KubeObject,
): Promise<KubeObject> {
  const operation = previous ? 'UPDATE' : 'CREATE'
  const mutating = webhooksOf(call, 'Mutating', operation)
  const validating = webhooksOf(call, 'Validating', operation)
  // Without a pause nothing can come between what was read and what is written.
  const first = operation === 'CREATE' ? call.options.amend : undefined
  if (mutating.length + validating.length === 0) return write({ dryRun, ...(first && { amend: first }) })
  const ask = (object: KubeObject) => questionOf(call, { operation, object, previous, dryRun })
  let object = write({ dryRun: true, ...(first && { amend: first }) })
  const patches: unknown[] = []
  for (const webhook of mutating) {
    const patch = await consult(call, webhook, ask(object))
    patches.push(patch)
    object = applyJsonPatch(object, patch) as KubeObject
  }
  const amend: Amend = each => patches.reduce(applyJsonPatch, first?.(each) ?? each) as KubeObject
  const question = ask(write({ dryRun: true, amend }))
  await Promise.all(validating.map(webhook => consult(call, webhook, question)))
  return write({ dryRun, amend })
}

/** Lets the webhooks see a deletion. Throws what one of them refuses with. */
export async function admitDeletion(call: ResourceCall, live: KubeObject, dryRun = false): Promise<void> {
  const question = questionOf(call, { operation: 'DELETE', object: undefined, previous: live, dryRun })
  const asked = webhooksOf(call, 'Validating', 'DELETE')
  await Promise.all(asked.map(webhook => consult(call, webhook, question)))
}

function webhooksOf({ options, store, kind, target }: ResourceCall, phase: Phase, operation: Operation) {
  if (!options.webhooks) return []
  return findWebhooks(store, phase, { operation, kind, subresource: target.subresource })
}

/** The patch of a webhook; an empty one where its selectors do not fit. */
async function consult(call: ResourceCall, webhook: unknown, question: Question): Promise<unknown> {
  const { webhooks: resolve } = call.options
  if (!resolve || !selectsMatter(webhook, call.store, question)) return []
  const { patch, warnings } = await callWebhook(webhook, question, resolve)
  for (const text of warnings) warn(call, text)
  return patch
}

function questionOf(
  { kind, user, target }: ResourceCall,
  matter: { operation: Operation; dryRun: boolean } & Record<'object' | 'previous', KubeObject | undefined>,
): Question {
  const { name = '', namespace } = (matter.object ?? matter.previous)?.metadata ?? {}
  return { ...matter, kind, subresource: target.subresource, user, name, namespace }
}
