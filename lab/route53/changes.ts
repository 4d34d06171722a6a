import { AwsError, type XmlInput } from '@meridian/lab-aws-protocol'
import { randomText, type World } from '@meridian/lab-world'
import { inSyncAt } from './published-records.ts'

export type Changes = {
  /** Notes an accepted change and returns its ChangeInfo. */
  submit(comment?: string): XmlInput
  get(id: string): XmlInput
}

type Change = { inSyncAt: number; submittedAt: string; comment?: string }

/** The ledger of changes: an accepted one is PENDING until the world's clock has reached all name servers. */
export function createChanges(world: World): Changes {
  const changes = new Map<string, Change>()
  function find(id: string): Change {
    const change = world.faults.active('lost-changes') ? undefined : changes.get(id)
    if (!change) throw new AwsError(404, 'NoSuchChange', `Could not find resource with ID: ${id}`)
    return change
  }
  function describe(id: string, change: Change): XmlInput {
    const settled = world.clock.elapsed() >= change.inSyncAt
    return {
      Id: `/change/${id}`,
      Status: settled ? 'INSYNC' : 'PENDING',
      SubmittedAt: change.submittedAt,
      Comment: change.comment,
    }
  }
  return {
    submit(comment) {
      const id = `C${randomText(world.random, 20, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')}`
      const submittedAt = new Date(world.clock.now()).toISOString()
      const due = inSyncAt(world)
      world.delays.note('change reaches all name servers', '', due - world.clock.elapsed())
      const change = { inSyncAt: due, submittedAt, ...(comment ? { comment } : {}) }
      changes.set(id, change)
      return describe(id, change)
    },
    get(given) {
      const id = given.replace(/^\/?change\//, '')
      return describe(id, find(id))
    },
  }
}
