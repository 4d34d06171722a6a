import { connectAws } from '@meridian/aws'
import { type Identity, makeMark } from '@meridian/identity'
import { judgeCluster } from '@meridian/kops'
import { failures } from '@meridian/lab-world'
import { UserError } from '@meridian/runner'
import { testJob } from '@meridian/runner/testing'
import { acquireLease, makeStore, purgeCluster, writeClusterClaim } from '@meridian/state'
import { describe, expect, test } from 'vitest'
import { type Interruption, killedAt, type Lab, openLab } from './in-process.ts'

/** The requests of an undisturbed run: how many the SDK sends, and which of them S3 gets, in order. */
async function undisturbed(lab: Lab): Promise<{ sent: number; s3: string[]; others: number }> {
  let sent = 0
  const count: Interruption = (number, carryOut) => {
    sent = number
    return carryOut()
  }
  await lab.bringUp('undisturbed', { interrupt: count })
  const all = lab.universe.world.requests.all().filter(({ client }) => client === 'undisturbed')
  const s3 = all.filter(({ service }) => service === 's3').map(({ operation }) => operation)
  return { sent, s3, others: all.length - s3.length }
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe.each(['before', 'after'] as const)('killed %s any request', moment => {
  test('it is finished by the next run, and created once', async () => {
    await using lab = await openLab()
    const { sent } = await undisturbed(lab)
    const wanted = await lab.describe('undisturbed')
    expect(sent).toBeGreaterThan(20)
    await Promise.all(
      upTo(sent).map(async at => {
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

const passing = failures.filter(failure => !failure.startsWith('hang'))
// S3 is busy with a change of a bucket, never with a read.
const isBusy = (operation: string) => /^(Create|Put)(Bucket|Public)/.test(operation)

describe.each(passing)('a request of S3 that meets: %s', failure => {
  test('does no harm, whichever it is', async () => {
    await using lab = await openLab()
    const { s3 } = await undisturbed(lab)
    const wanted = await lab.describe('undisturbed')
    const concerns = ({ service, operation }: { service: string; operation: string }) =>
      service === 's3' && (failure !== 'busy' || isBusy(operation))
    const count = s3.filter(operation => concerns({ service: 's3', operation })).length
    expect(count).toBeGreaterThan(1)
    await Promise.all(
      upTo(count).map(async nth => {
        const name = `${failure}-${nth}`.slice(0, 15)
        const fault = lab.universe.world.faults.requests.plan({ failure, nth, client: name, concerns })
        await lab.bringUp(name)
        expect(fault.struck(), name).toBe(1)
        expect(await lab.describe(name), name).toEqual(wanted)
      }),
    )
  })
})

describe.each(['unavailable', 'reset-before'] as const)('a look at AWS that meets: %s', failure => {
  test('is repeated, whichever it is', async () => {
    await using lab = await openLab()
    const { others } = await undisturbed(lab)
    const wanted = await lab.describe('undisturbed')
    const concerns = ({ service }: { service: string }) => service !== 's3'
    expect(others).toBeGreaterThan(5)
    await Promise.all(
      upTo(others).map(async nth => {
        const name = `${failure}-${nth}`.slice(0, 15)
        const fault = lab.universe.world.faults.requests.plan({ failure, nth, client: name, concerns })
        await lab.bringUp(name)
        expect(fault.struck(), name).toBe(1)
        expect(await lab.describe(name), name).toEqual(wanted)
      }),
    )
  })
})

describe('a permission that is missing', () => {
  test('ends the run at once and is named, whichever it is', async () => {
    await using lab = await openLab()
    const { sent } = await undisturbed(lab)
    const wanted = await lab.describe('undisturbed')
    const named = await Promise.all(
      upTo(sent).map(async at => {
        const refused: number[] = []
        const deny: Interruption = async (number, carryOut) => {
          if (number < at) return carryOut()
          refused.push(number)
          throw Object.assign(new Error('Access Denied'), {
            name: 'AccessDenied',
            $metadata: { httpStatusCode: 403 },
          })
        }
        const name = `denied-${at}`
        const error = await lab.bringUp(name, { interrupt: deny }).catch(error => error)
        // The last request gives the lease back: that it may not is no reason to fail.
        if (at === sent) return expect(await lab.describe(name)).toEqual(wanted)
        expect(error, `request ${at}`).toBeInstanceOf(UserError)
        // Requests that were sent side by side are refused side by side.
        expect(refused.length, `request ${at}`).toBeLessThanOrEqual(8)
        return /[a-z0-9]+:[A-Z][A-Za-z]+/.exec(`${error.message} ${error.fix}`)?.[0] ?? error.message
      }),
    )
    expect(named.slice(0, -1).filter(permission => !/^[a-z0-9]+:[A-Z]/.test(`${permission}`))).toEqual([])
  })

  test('to read the tags of a bucket that is there does not stop a run', async () => {
    await using lab = await openLab()
    await lab.bringUp('told')
    lab.universe.world.faults.requests.plan({
      failure: 'denied',
      operation: 'GetBucketTagging',
      nth: 1,
      times: 99,
      client: 'untold',
    })
    const inputs = { 'state-store': `s3://told.${lab.universe.domain}-state/shared` }
    expect(await lab.bringUp('untold', { inputs })).toMatchObject({ created: true })
  })
})

const run = (id: number) => ({
  url: `https://github.com/o/r/actions/runs/${id}`,
  repository: 'o/r',
  repositoryId: '1001',
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
  expect(lab.commands('twice')).toEqual(['create cluster'])
})

test('a run that waits for a teardown makes the bucket anew when that has taken it away', async () => {
  await using lab = await openLab()
  await lab.bringUp('undisturbed')
  const job = testJob({ env: lab.universe.env, run: run(1) })
  const aws = await connectAws(job, {})
  const fullName = `reborn.${lab.universe.domain}`
  const identity: Identity = {
    domain: lab.universe.domain,
    repository: { id: '1001', name: 'o/r' },
    cluster: fullName,
  }
  const location = { bucket: `${fullName}-state`, path: '' }
  const account = await aws.account()
  const store = await makeStore(aws, { location, region: 'us-east-1', account, identity }, job)
  const lease = store && (await acquireLease(store, { fullName, job }))
  if (store === undefined || lease === undefined) throw new Error('there is no bucket')
  await writeClusterClaim(store, fullName, makeMark(identity), undefined)
  const { claim } = await judgeCluster(store, fullName, identity)
  if (claim.kind !== 'ours') throw new Error('it is ours')
  const { log } = testJob()
  const waits = new Promise<void>(resolve => {
    Object.assign(log, { info: (text: string) => text.startsWith('the lease on') && resolve() })
  })
  const created = lab.bringUp('reborn', { job: { run: run(2), log } })
  await waits
  await purgeCluster(claim.owned, identity, lease)
  expect(await created).toMatchObject({ created: true })
  expect(await lab.describe('reborn')).toEqual(await lab.describe('undisturbed'))
})
