import { startUniverse } from '@meridian/lab-universe'
import { expect, onTestFinished, test } from 'vitest'

const name = 'usa.k8s.example.com'
const store = 's3://platform/kops/team-a'

async function openUniverse() {
  const universe = await startUniverse({ scale: 10_000 })
  onTestFinished(() => universe.close())
  const { world } = universe
  const ofCluster = (account = world.accountId) =>
    world.inventory.list(({ tags, account: own }) => tags.KubernetesCluster === name && own === account)
  return { ...universe, ofCluster }
}

test('many clusters live in one store, below a path, in another region than theirs, beside other things', async () => {
  const lab = await openUniverse()
  lab.aws.s3.addBucket('platform', { region: 'eu-west-1', versioned: true })
  lab.aws.s3.putObject('platform', 'terraform/prod.tfstate', '{}')
  await lab.addCluster(name, { store, labels: { team: 'a' } })
  await lab.addCluster('prod.k8s.example.com', { store, zone: 'eu-west-1a' })
  lab.aws.s3.putObject('platform', `kops/team-a/${name}.claim.json`, '{}')

  expect((await lab.kops(`get clusters --state=${store}`)).stdout).toMatch(
    /prod.k8s.example.com\t.*\nusa.k8s.example.com\t/,
  )
  expect(await lab.kops(`delete cluster ${name} --state=${store} --yes`)).toMatchObject({ exitCode: 0 })
  expect(lab.ofCluster()).toEqual([])
  const left = lab.aws.s3.keys('platform')
  expect(left).toContain('terraform/prod.tfstate')
  expect(left).toContain(`kops/team-a/${name}.claim.json`)
  expect(left).toContain('kops/team-a/prod.k8s.example.com/config')
  expect(left.filter(key => key.includes(`${name}/`))).toEqual([])
})

test('two accounts can have a cluster of one name, each its own', async () => {
  const lab = await openUniverse()
  const account = lab.aws.addAccount('444455556666')
  await lab.addCluster(name, { store: 's3://ours' })
  await lab.addCluster(name, { store: 's3://theirs', account })
  const [ours, theirs] = [lab.ofCluster(), lab.ofCluster(account.id)]
  expect(theirs.map(({ type }) => type)).toEqual(ours.map(({ type }) => type))

  const denied = await lab.kops(`get cluster ${name} --state=s3://theirs`)
  expect([denied.exitCode, denied.stderr]).toEqual([1, expect.stringContaining('api error AccessDenied')])
  await lab.kops(`delete cluster ${name} --state=s3://ours --yes`)

  expect(lab.ofCluster()).toEqual([])
  expect(lab.ofCluster(account.id)).toEqual(theirs)
  expect(lab.clusters.view(name)).toBeUndefined()
  expect(lab.clusters.view(name, account.id)).toBeDefined()
})

test('a name that lives from another store is mixed into, and its API does not know the new keys', async () => {
  const lab = await openUniverse()
  await lab.addCluster(name, { store: 's3://theirs', labels: { owner: 'them' } })
  const before = lab.ofCluster().map(({ id }) => id)

  await lab.addCluster(name, { store: 's3://ours', labels: { owner: 'us' } })

  expect(lab.ofCluster().map(({ id }) => id)).toEqual(before)
  const instances = lab.ofCluster().filter(({ type }) => type === 'instance')
  expect(new Set(instances.map(({ tags }) => tags.owner))).toEqual(new Set(['them']))
  const others = lab.ofCluster().filter(({ type }) => type !== 'instance')
  expect(new Set(others.map(({ tags }) => tags.owner))).toEqual(new Set(['us']))
  const { exitCode, stderr } = await lab.kops(`validate cluster ${name} --state=s3://ours -o json`)
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining('x509: certificate signed by unknown authority'),
  ])
  expect((await lab.kops(`validate cluster ${name} --state=s3://theirs -o json`)).stderr).not.toContain(
    'x509',
  )
})

test('a cluster of kops before 1.22, without its completed spec, is updated and deleted like others', async () => {
  const lab = await openUniverse()
  await lab.addCluster(name, { store })
  const completed = `kops/team-a/${name}/cluster-completed.spec`
  const spec = lab.aws.s3.readObject('platform', completed) ?? ''
  lab.aws.s3.dropObject('platform', completed)
  lab.aws.s3.putObject('platform', `kops/team-a/${name}/cluster.spec`, spec)

  expect(await lab.kops(`export kubeconfig ${name} --state=${store} --admin=1h`)).toMatchObject({
    exitCode: 0,
  })
  const before = lab.ofCluster().map(({ id }) => id)
  expect(await lab.kops(`update cluster ${name} --state=${store} --yes`)).toMatchObject({ exitCode: 0 })
  expect(lab.ofCluster().map(({ id }) => id)).toEqual(before)
  expect(lab.aws.s3.keys('platform')).toContain(completed)
  await lab.kops(`delete cluster ${name} --state=${store} --yes`)
  expect(lab.aws.s3.keys('platform')).toEqual([])
})
