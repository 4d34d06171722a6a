import { claimKey, makeMark, readClaim } from '@meridian/identity'
import { describe, expect, test } from 'vitest'
import { acquireLease, readClusterClaim, readLeaseMark, readText, writeClusterClaim } from '../src/index.ts'
import { before, fullName, identity, loseAnswer, put, theirs, useStores } from './use-stores.ts'

const { makeOwn } = useStores()
const mark = makeMark(identity)
const refused = (name: string) => Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 412 } })

describe('a claim', () => {
  test('lies beside the folder of its cluster, in the path of its store', async () => {
    const { store } = await makeOwn({ path: 'teams/blue' })
    expect(await writeClusterClaim(store, fullName, mark, undefined)).toBe(true)
    const found = await readText(store, `teams/blue/${fullName}.claim.json`)
    expect(readClaim(found?.text ?? '')).toEqual({ kind: 'marked', mark })
  })

  test('that is not there is no claim', async () => {
    const { store } = await makeOwn()
    expect(await readClusterClaim(store, fullName)).toEqual({
      reading: { kind: 'unmarked' },
      etag: undefined,
    })
  })

  test.each(['', '<html>sign in</html>', '[]', '{}', '{"schema": 2}', '{"schema":"3","environment":"x"}'])(
    'of the text %j is one that cannot be read, never none',
    async text => {
      const { store } = await makeOwn()
      await put(store, claimKey(store, fullName), text)
      expect((await readClusterClaim(store, fullName)).reading.kind).toBe('unreadable')
    },
  )

  test('is not written over one that was not read', async () => {
    const { store, beside } = await makeOwn()
    before(store.s3, 'PutObjectCommand', () =>
      writeClusterClaim(beside, fullName, makeMark(theirs), undefined),
    )
    expect(await writeClusterClaim(store, fullName, mark, undefined)).toBe(false)
    const { reading } = await readClusterClaim(store, fullName)
    expect(reading).toMatchObject({ mark: { repository: theirs.repository } })
  })

  test('is not written over one that has changed since, or has gone', async () => {
    const { store, beside } = await makeOwn()
    await writeClusterClaim(store, fullName, mark, undefined)
    const { etag } = await readClusterClaim(store, fullName)
    await writeClusterClaim(beside, fullName, { ...mark, version: '9' }, etag)
    expect(await writeClusterClaim(store, fullName, mark, etag)).toBe(false)
    expect(await writeClusterClaim(store, 'gone.example.com', mark, etag)).toBe(false)
  })

  test.each(['PreconditionFailed', 'ConditionalRequestConflict'])(
    'of ours whose answer was lost, and that is refused with %s, is written',
    async name => {
      const { store } = await makeOwn()
      loseAnswer(store.s3, 'PutObjectCommand', refused(name))
      expect(await writeClusterClaim(store, fullName, mark, undefined)).toBe(true)
    },
  )
})

describe('the mark of a lease', () => {
  test('says for whom it was taken, also of a run that died', async () => {
    const { store, job } = await makeOwn()
    const lease = await acquireLease(store, { fullName, job, mark })
    await lease?.abandon()
    expect(await readLeaseMark(store, fullName)).toEqual({ kind: 'marked', mark })
  })

  test('is none without a lease, and in one that names nobody', async () => {
    const { store, job } = await makeOwn()
    expect(await readLeaseMark(store, fullName)).toEqual({ kind: 'unmarked' })
    await using _ = await acquireLease(store, { fullName, job })
    expect(await readLeaseMark(store, fullName)).toEqual({ kind: 'unmarked' })
  })
})
