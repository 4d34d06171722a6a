import { testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { purgeCluster, readClusterClaim, type Store } from '../src/index.ts'
import { fill, owned, take } from './filled-state.ts'
import { fullName, identity, listAll, theirs, useStores } from './use-stores.ts'

const { makeOwn } = useStores()

describe('killed at any of its requests', () => {
  class Killed extends Error {}

  /** Nothing arrives from the `at`th request on; S3 has carried out that one where `moment` says so. */
  function kill({ s3 }: Store, at: number, moment: 'before' | 'after'): void {
    let count = 0
    s3.middlewareStack.add(
      next => async args => {
        count += 1
        if (count > at || (count === at && moment === 'before')) throw new Killed()
        const result = await next(args)
        if (count === at) throw new Killed()
        return result
      },
      { step: 'finalizeRequest', priority: 'low' },
    )
  }

  test.each(['before', 'after'] as const)(
    '%s: what is left still says whose it is, or nothing is left',
    async moment => {
      let died = true
      for (let at = 1; died; at += 1) {
        const made = await makeOwn({ path: 'teams/blue', by: theirs })
        const lease = await fill(made)
        const mine = await owned(made.store)
        kill(made.store, at, moment)
        died = await purgeCluster(mine, identity, lease).then(
          () => false,
          () => true,
        )
        await lease.abandon()
        const left = await listAll(made.beside)
        const claimed =
          (await readClusterClaim(made.beside, fullName).catch(() => undefined))?.reading.kind === 'marked'
        expect(claimed, `request ${at}: ${left}`).toBe(left.length > 0)
        if (claimed) {
          const attempt = { ...made.job.env, GITHUB_RUN_ATTEMPT: '2' }
          const next = await take(made.beside, testJob({ env: attempt }))
          await purgeCluster(await owned(made.beside), identity, next)
        }
        expect(await listAll(made.beside)).toEqual([])
      }
    },
  )
})
