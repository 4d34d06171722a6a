import { connectAws, s3 } from '@meridian/aws'
import { failures } from '@meridian/lab'
import { UserError } from '@meridian/runner'
import { testJob } from '@meridian/runner/testing'
import { acquireLease, ensureStateBucket, purgeStateBucket } from '@meridian/state'
import { describe, expect, test } from 'vitest'
import { type Interruption, killedAt, type Lab, openLab } from './in-process.ts'

/** The requests of S3 that an undisturbed run makes, in order. */
async function undisturbed(lab: Lab): Promise<{ operation: string }[]> {
  await lab.bringUp('undisturbed')
  return lab.universe.world.requests
    .all()
    .filter(({ client, service }) => client === 'undisturbed' && service === 's3')
}

const everyRequest = (requests: readonly unknown[]) => requests.map((_, index) => index + 1)

describe.each(['before', 'after'] as const)('killed %s any request', moment => {
  test('it is finished by the next run, and created once', async () => {
    await using lab = await openLab()
    const requests = await undisturbed(lab)
    const wanted = await lab.describe('undisturbed')
    expect(requests.length).toBeGreaterThan(10)
    await Promise.all(
      everyRequest(requests).map(async at => {
        const name = `${moment}-${at}`
        await lab.bringUp(name, { interrupt: killedAt(at, moment) }).catch(() => {})
        await lab.bringUp(name, { attempt: 2 })
        expect(await lab.describe(name), name).toEqual(wanted)
        const created = lab.commands(name).filter(command => command === 'create cluster')
        expect(created, name).toHaveLength(1)
      }),
    )
  })
})

describe.each(failures.filter(failure => !failure.startsWith('hang')))(
  'a request that meets: %s',
  failure => {
    test('does no harm, whichever it is', async () => {
      await using lab = await openLab()
      const requests = await undisturbed(lab)
      const wanted = await lab.describe('undisturbed')
      // S3 is busy with a change of a bucket, never with a read.
      const suits = (nth: number) =>
        failure !== 'busy' || /^(Create|Put)(Bucket|Public)/.test(requests[nth - 1]?.operation ?? '')
      const swept = everyRequest(requests).filter(suits)
      expect(swept.length).toBeGreaterThan(3)
      await Promise.all(
        swept.map(async nth => {
          const name = `${failure}-${nth}`.slice(0, 15)
          const fault = lab.universe.world.faults.requests.plan({ failure, nth, client: name })
          await lab.bringUp(name)
          expect(fault.struck(), name).toBe(1)
          expect(await lab.describe(name), name).toEqual(wanted)
        }),
      )
    })
  },
)

describe('a permission that is missing', () => {
  test('ends the run at once and is named, whichever it is', async () => {
    await using lab = await openLab()
    const requests = await undisturbed(lab)
    const named = await Promise.all(
      everyRequest(requests).map(async at => {
        const refused: number[] = []
        const deny: Interruption = async (number, carryOut) => {
          if (number < at) return carryOut()
          refused.push(number)
          throw Object.assign(new Error('Access Denied'), {
            name: 'AccessDenied',
            $metadata: { httpStatusCode: 403 },
          })
        }
        const error = await lab.bringUp(`denied-${at}`, { interrupt: deny }).catch(error => error)
        // The last request gives the lease back: that it may not is no reason to fail.
        if (at === requests.length) return ''
        expect(error, `request ${at}`).toBeInstanceOf(UserError)
        expect(refused.length, `request ${at}`).toBeLessThanOrEqual(2)
        return /s3:[A-Za-z]+/.exec(`${error.message} ${error.fix}`)?.[0] ?? `nothing: ${error.message}`
      }),
    )
    expect(named.slice(0, -1).filter(permission => !permission.startsWith('s3:'))).toEqual([])
  })
})

const run = (id: number) => ({
  url: `https://github.com/o/r/actions/runs/${id}`,
  repository: 'o/r',
  sha: '',
  workspace: '',
  temp: '',
})

test('two runs at once make one cluster: the second waits, and finds it', async () => {
  await using lab = await openLab()
  const both = await Promise.all([
    lab.bringUp('twice', { job: { run: run(1) } }),
    lab.bringUp('twice', { job: { run: run(2) } }),
  ])
  expect(both.map(({ created }) => created).sort()).toEqual([false, true])
  expect(lab.commands('twice')).toEqual(['create cluster', 'update cluster'])
})

test('a run that waits for a teardown makes the bucket anew when that has taken it away', async () => {
  await using lab = await openLab()
  await lab.bringUp('undisturbed')
  const job = testJob({ env: lab.universe.env, run: run(1) })
  const client = s3(await connectAws(job, {}), 'us-east-1')
  const fullName = `reborn.${lab.universe.domain}`
  const bucket = `${fullName}-state`
  await ensureStateBucket(client, { name: bucket, region: 'us-east-1', tags: { old: 'yes' }, job })
  const lease = await acquireLease(client, { bucket, fullName, job })
  if (lease === undefined) throw new Error('there is no bucket')
  const { log } = testJob()
  const waits = new Promise<void>(resolve => {
    Object.assign(log, { info: (text: string) => text.startsWith('the lease on') && resolve() })
  })
  const created = lab.bringUp('reborn', { job: { run: run(2), log } })
  await waits
  await purgeStateBucket(client, bucket, [lease])
  expect(await created).toMatchObject({ created: true })
  expect(await lab.describe('reborn')).toEqual(await lab.describe('undisturbed'))
})
