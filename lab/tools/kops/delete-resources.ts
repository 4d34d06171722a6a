import { ToolError } from '../terminal.ts'
import type { CloudClient } from './cloud-client.ts'
import type { Kops } from './context.ts'
import type { Doomed } from './deletion-plan.ts'
import { removeResource } from './remove-resource.ts'

/** All times in milliseconds of the world; `count` fruitless rounds end the deletion, 0 means never. */
export type DeletionLimits = { wait: number; interval: number; count: number }

export type Deletion = {
  cloud: CloudClient
  /** Called for each resource that is gone. */
  whenGone(): Promise<void>
}

/**
 * Deletes in rounds until everything is gone: within a round each resource is tried once, as soon as all that
 * must go before it has gone. Throws `ToolError` when the limits are reached.
 */
export async function deleteResources(
  kops: Kops,
  doomed: readonly Doomed[],
  limits: DeletionLimits,
  deletion: Deletion,
): Promise<void> {
  const done = new Set<string>()
  const deadline = kops.world.waited() + limits.wait
  for (let fruitless = 0; ; ) {
    const before = done.size
    await tryAll(kops, doomed, done, deletion)
    if (done.size === doomed.length) return
    kops.out('Not all resources deleted; waiting before reattempting deletion\n')
    for (const { key } of doomed) if (!done.has(key)) kops.out(`\t${key}\n`)
    fruitless = done.size > before ? 0 : fruitless + 1
    if (limits.count > 0 && fruitless >= limits.count) {
      throw new ToolError('not making progress deleting resources; giving up')
    }
    if (limits.wait > 0 && kops.world.waited() > deadline) {
      throw new ToolError('wait time exceeded during resources deletion')
    }
    await kops.world.wait(limits.interval)
  }
}

async function tryAll(
  kops: Kops,
  doomed: readonly Doomed[],
  done: Set<string>,
  { cloud, whenGone }: Deletion,
): Promise<void> {
  const failed = new Set<string>()
  for (;;) {
    const phase = doomed.filter(
      ({ key, after }) => !done.has(key) && !failed.has(key) && after.every(other => done.has(other)),
    )
    if (phase.length === 0) return
    await Promise.all(
      phase.map(async resource => {
        const outcome = await removeResource(cloud, resource.found)
        kops.out(`${resource.key}\t${outcome}\n`)
        ;(outcome === 'ok' ? done : failed).add(resource.key)
        if (outcome === 'ok') await whenGone()
      }),
    )
  }
}
