import { afterEach, beforeEach, expect, test } from 'vitest'
import { state as bucketState, create as createInBucket, name } from '../testing/kops-cluster.ts'
import { openToolWorld, type ToolWorld } from '../testing/tool-world.ts'

const state = '--state=s3://state/teams/web'
const create = createInBucket.replace(bucketState, state)

let lab: ToolWorld

beforeEach(async () => {
  lab = await openToolWorld()
})
afterEach(() => lab.close())

test('a folder of a bucket is a store: what kops writes, reads and names lies below it', async () => {
  expect(await lab.kops(create)).toMatchObject({ exitCode: 0 })

  const config = await lab.s3('GET', `/state/teams/web/${name}/config`)
  expect(config.text).toContain(`configBase: s3://state/teams/web/${name}\n`)
  expect((await lab.kops(`get ig --name=${name} ${state}/`)).stdout).toContain('nodes-us-east-1a')
  expect((await lab.kops(`get cluster ${name} ${bucketState}`)).stderr).toBe(
    `Error: cluster not found "${name}"\n`,
  )
})

test('a file of others in the folder of a cluster is refused with its whole path, one beside it is not seen', async () => {
  await lab.kops(create)
  await lab.s3('PUT', `/state/teams/web/${name}.claim.json`, '{}')
  await lab.s3('PUT', `/state/teams/web/${name}.lease.json`, '{}')
  await lab.s3('PUT', `/state/teams/web/${name}/claim.json`, '{}')
  const remove = () => lab.kops(`delete cluster ${name} ${state} --yes`)

  expect((await remove()).stderr).toContain(
    `Error: refusing to delete: unknown file found: s3://state/teams/web/${name}/claim.json\n`,
  )
  await lab.s3('DELETE', `/state/teams/web/${name}/claim.json`)
  expect(await remove()).toMatchObject({ exitCode: 0 })
  const { text } = await lab.s3('GET', '/state?list-type=2')
  expect([...text.matchAll(/<Key>([^<]*)</g)].map(([, key]) => key)).toEqual([
    `teams/web/${name}.claim.json`,
    `teams/web/${name}.lease.json`,
  ])
})

test('every config below a store is listed, and what is none is passed over with a warning', async () => {
  await lab.kops(create)
  await lab.s3('PUT', '/state/backup/config', 'encryption: aes')

  const { exitCode, stdout, stderr } = await lab.kops(`get clusters ${bucketState} -o json`)

  expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, [{ metadata: { name } }]])
  expect(stderr).toContain(`Name of cluster does not match: "${name}" vs "teams/web/${name}"`)
  expect(stderr).toContain('cluster "backup" found in state store listing, but cannot be loaded: ')
})

test.each([
  ['proxy-404', 'error reading', 'StatusCode: 404'],
  ['proxy-page', 'error parsing', "Object 'Kind' is missing"],
  ['empty-200', 'error parsing', "Object 'Kind' is missing in ''"],
] as const)('as %s an answer is no cluster and no absence', async (failure, doing, words) => {
  await lab.kops(create)
  const key = `teams/web/${name}/config`
  lab.world.faults.requests.plan({ failure, operation: 'GetObject', key, nth: 1 })

  const { exitCode, stderr } = await lab.kops(`delete cluster ${name} ${state} --yes`)

  expect(exitCode).toBe(1)
  expect(stderr).toContain(`error reading cluster configuration "${name}": ${doing} s3://state/${key}: `)
  expect(stderr).toContain(words)
})

test('a request that a proxy answers is an error of kops, whatever the status', async () => {
  await lab.kops(`${create} --yes`)
  lab.world.faults.requests.plan({ failure: 'proxy-404', operation: 'DescribeVolumes', nth: 1 })

  const { exitCode, stderr } = await lab.kops(`delete cluster ${name} ${state} --yes`)

  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('deserialization failed')])
})

test('cloud labels that were changed come onto what exists, after a preview that says so', async () => {
  await lab.kops(`${create} --yes`)
  const { text } = await lab.s3('GET', `/state/teams/web/${name}/config`)
  await lab.s3('PUT', `/state/teams/web/${name}/config`, text.replace('team: web', 'team: shop'))

  const preview = await lab.kops(`update cluster ${name} ${state}`)
  expect(preview.stdout).toMatch(/Will modify resources:\n {2}VPC\/usa.*\n.*team: web.* -> .*team: shop/)
  const before = lab.world.requests.all().length
  await lab.kops(`update cluster ${name} ${state} --yes`)

  const teams = lab.world.inventory.list(
    ({ type, tags }) => type !== 'instance' && tags.KubernetesCluster === name,
  )
  expect(new Set(teams.map(({ tags }) => tags.team))).toEqual(new Set(['shop']))
  const asked = lab.world.requests.all().slice(before)
  expect(asked.map(({ operation }) => operation)).toEqual(
    expect.arrayContaining([
      'CreateTags',
      'TagRole',
      'TagInstanceProfile',
      'AddTags',
      'CreateOrUpdateTags',
      'TagQueue',
    ]),
  )
})
