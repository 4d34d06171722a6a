import { listAt } from '@meridian/lab-world/json'
import { isCustom, storeName } from '../kind.ts'
import type { Reply, ResourceCall } from './call.ts'
import { warn } from './send.ts'

const standard: readonly unknown[] = ['kubernetes', 'orphan', 'foregroundDeletion']
const reason = 'to avoid accidental conflicts with other finalizer writers'

/** Carries out a write; who adds a finalizer without a path to a custom resource is advised against it. */
export async function writeAdvised(call: ResourceCall, write: () => Promise<Reply>): Promise<Reply> {
  const { kind, store, target } = call
  const live = target.name && store.get(storeName(kind), target.namespace, target.name)
  const known = [...standard, ...listAt(live, 'metadata', 'finalizers')]
  const reply = await write()
  const added = listAt(reply.body, 'metadata', 'finalizers').filter(each => !known.includes(each))
  if (isCustom(kind)) for (const name of added.map(String).sort()) warnOf(call, name)
  return reply
}

function warnOf(call: ResourceCall, name: string): void {
  if (name.includes('/')) return
  const advice = `prefer a domain-qualified finalizer name${name.includes('.') ? ' including a path (/)' : ''}`
  warn(call, `metadata.finalizers: ${JSON.stringify(name)}: ${advice} ${reason}`)
}
