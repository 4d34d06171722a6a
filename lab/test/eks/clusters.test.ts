import { makeToken, signerOf } from '@meridian/lab-aws/testing'
import type { EksHandle } from '@meridian/lab-clusters/eks'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from './ask.ts'

const role = 'arn:aws:iam::111122223333:role/deployer'

let universe: Universe
let prod: EksHandle

beforeAll(async () => {
  universe = await startUniverse({ scale: 10_000 })
  prod = await universe.addEksCluster('prod', { region: 'eu-west-1' })
})
afterAll(() => universe.close())

const token = (cluster = 'prod', region = 'eu-west-1') => makeToken(signerOf(universe), { cluster, region })
const session = () => universe.aws.issueSession()

describe('the API of a cluster of EKS', () => {
  test('has a certificate for the name of its endpoint, from the authority that EKS names', async () => {
    const { endpoint } = prod.cluster
    expect(endpoint).toMatch(/^https:\/\/[0-9A-F]{32}\.[a-z0-9]{3}\.eu-west-1\.eks\.amazonaws\.com$/)
    expect(await ask(universe, prod, '/version', await token())).toMatchObject({
      status: 200,
      body: { gitVersion: expect.stringMatching(/^v1\.35\.\d+-eks-[0-9a-f]{7}$/) },
    })
  })

  test('knows a role by its session, under the name that its access entry gives', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = session()
    const signer = { accessKeyId, secretAccessKey, sessionToken }
    const bearer = await makeToken(signer, { cluster: 'prod', region: 'eu-west-1' })
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
    expect((await ask(universe, prod, path, bearer, review)).body).toMatchObject({
      status: {
        userInfo: {
          username: 'arn:aws:sts::111122223333:assumed-role/deployer/earlier-step',
          groups: ['system:authenticated'],
        },
      },
    })
  })

  test.each<[why: string, bearer: () => Promise<string>, words: string]>([
    ['for another cluster', () => token('test'), 'SignatureDoesNotMatch'],
    [
      'signed with another secret',
      () => makeToken({ ...signerOf(universe), secretAccessKey: 'guessed' }, { cluster: 'prod' }),
      'SignatureDoesNotMatch',
    ],
    [
      'of a key that nobody has',
      () => makeToken({ ...signerOf(universe), accessKeyId: 'AKIA000000000000' }, { cluster: 'prod' }),
      'InvalidClientTokenId',
    ],
    [
      'of a session without its token',
      () => makeToken({ ...session(), sessionToken: '' }, { cluster: 'prod' }),
      'InvalidClientTokenId',
    ],
    [
      'whose scope is another region than its host',
      () => makeToken(signerOf(universe), { cluster: 'prod', region: 'eu-west-1', scope: 'us-east-1' }),
      "Credential should be scoped to a valid region, not 'us-east-1'",
    ],
    [
      'for a region that there is not',
      () => makeToken(signerOf(universe), { cluster: 'prod', region: 'eu-west-9' }),
      'lookup sts.eu-west-9.amazonaws.com: no such host',
    ],
    ['that is none', async () => 'k8s-aws-v1.x', 'input token was not properly formatted'],
  ])('answers a token %s with 401, and says why in its own log alone', async (_, bearer, words) => {
    expect(await ask(universe, prod, '/api/v1/nodes', await bearer())).toMatchObject({
      status: 401,
      body: { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized', code: 401 },
    })
    expect(prod.refusals().at(-1)).toContain(words)
  })

  test('answers a role without an access entry with 401, and lets it in as soon as there is one', async () => {
    prod.forbid(role)
    const bearer = await makeToken(session(), { cluster: 'prod', region: 'eu-west-1' })
    expect((await ask(universe, prod, '/api/v1/nodes', bearer)).status).toBe(401)
    expect(prod.refusals().at(-1)).toBe(`access denied: ARN is not mapped: ${role}`)
    prod.allow(role)
    expect((await ask(universe, prod, '/api/v1/nodes', bearer)).status).toBe(200)
  })

  test('lets a role do no more than its access policies say', async () => {
    const policyArn = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy'
    prod.allow(role, { policies: [{ policyArn, namespaces: ['default'] }] })
    const bearer = await makeToken(session(), { cluster: 'prod', region: 'eu-west-1' })
    const status = async (path: string) => (await ask(universe, prod, path, bearer)).status
    expect(await status('/api/v1/namespaces/default/pods')).toBe(200)
    expect(await status('/api/v1/namespaces/default/secrets')).toBe(403)
    expect(await status('/api/v1/namespaces/kube-system/pods')).toBe(403)
    prod.allow(role)
  })

  test('shows those without credentials nothing but its health', async () => {
    expect((await ask(universe, prod, '/livez')).status).toBe(200)
    expect((await ask(universe, prod, '/version')).status).toBe(401)
  })

  test('has nodes of a managed node group, ready from the beginning, and no storage class by default', async () => {
    const nodes = prod.running().store.list('Node')
    expect(nodes.map(({ metadata }) => metadata.labels?.['eks.amazonaws.com/nodegroup'])).toEqual([
      'default',
      'default',
    ])
    expect(nodes[0]?.metadata.name).toMatch(/^ip-192-168-\d+-\d+\.eu-west-1\.compute\.internal$/)
    const classes = prod.running().store.list('StorageClass')
    expect(classes.map(({ metadata }) => [metadata.name, metadata.annotations])).toEqual([['gp2', undefined]])
  })

  test('goes on taking tokens of service accounts', async () => {
    const { store, server } = prod.running()
    store.create('Secret', {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: {
        name: 'robot',
        namespace: 'default',
        annotations: { 'kubernetes.io/service-account.name': 'default' },
      },
    })
    while (server.tokens.size === 0) await universe.world.clock.sleep(1)
    const [robot = ''] = server.tokens.keys()
    expect((await ask(universe, prod, '/api', robot)).status).toBe(200)
  })

  test('is not part of what is left over when nobody has built anything', async () => {
    const { listLeftOvers } = await import('@meridian/lab-cli')
    expect(universe.world.inventory.list().length).toBeGreaterThan(0)
    expect(listLeftOvers(universe)).toEqual([])
  })
})

describe('a ConfigMap aws-auth', () => {
  test('lets roles in where the cluster heeds it, and access entries where it heeds these', async () => {
    const old = await universe.addEksCluster('old', { authenticationMode: 'CONFIG_MAP' })
    const signer = session()
    const status = async () =>
      (await ask(universe, old, '/api/v1/nodes', await makeToken(signer, { cluster: 'old' }))).status
    expect(await status()).toBe(401)
    old.running().store.create('ConfigMap', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'aws-auth', namespace: 'kube-system' },
      data: { mapRoles: `- {rolearn: ${role}, username: deployer, groups: [system:masters]}` },
    })
    expect(await status()).toBe(200)
    old.cluster.authenticationMode = 'API'
    old.forbid(role)
    expect(await status()).toBe(401)
  })
})

test('a claim gets a volume only where there is a driver for its class', async () => {
  const stored = await universe.addEksCluster('stored', { defaultStorageClass: true })
  const claim = (name: string, storageClassName?: string) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      ...(storageClassName && { storageClassName }),
    },
  })
  const [bare, whole] = [prod.running().store, stored.running().store]
  bare.create('PersistentVolumeClaim', claim('none'))
  bare.create('PersistentVolumeClaim', claim('named', 'gp2'))
  whole.create('PersistentVolumeClaim', claim('none'))
  whole.create('PersistentVolumeClaim', claim('named', 'gp2'))
  const phases = ({ list }: typeof bare) =>
    list('PersistentVolumeClaim').map(({ status }) => (status as { phase?: string }).phase)
  while (phases(whole).some(phase => phase !== 'Bound')) await universe.world.clock.sleep(1)
  const told = (reason: string) => bare.list('Event').some(event => event.reason === reason)
  while (!told('FailedBinding') || !told('ExternalProvisioning')) await universe.world.clock.sleep(1)
  expect(phases(bare)).toEqual(['Pending', 'Pending'])
})

describe('an endpoint', () => {
  test.each([
    ['that is private', { endpointPublicAccess: false, endpointPrivateAccess: true }, /^192\.168\./],
    ['that is public for others', { publicAccessCidrs: ['198.51.100.0/24'] }, /^198\.51\.100\./],
  ])('%s does not answer from outside', async (_, access, address) => {
    const inner = await universe.addEksCluster(`inner-${address.source.length}`, access)
    const host = new URL(inner.cluster.endpoint ?? '').hostname
    expect(universe.world.network.hiddenAt(host)).toMatch(address)
    const bearer = await token(inner.cluster.name, 'us-east-1')
    await expect(ask(universe, inner, '/version', bearer)).rejects.toThrow(
      /502 dial tcp [\d.]+:443: i\/o timeout/,
    )
    inner.setAccess({ endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] })
    expect((await ask(universe, inner, '/version', bearer)).status).toBe(200)
  })
})

test('an authority is rotated: two are trusted, then the new one signs, then the old one is forgotten', async () => {
  const { cluster } = prod
  const [old = ''] = cluster.authorities.map(({ certificate }) => certificate)
  await prod.rotateAuthority()
  const root = () =>
    prod.running().store.get('ConfigMap', 'default', 'kube-root-ca.crt')?.data as { 'ca.crt': string }
  expect(root()['ca.crt'].match(/BEGIN CERTIFICATE/g)).toHaveLength(2)
  expect((await ask(universe, prod, '/version', await token())).status).toBe(200)
  await prod.activateAuthority()
  const trusting = (ca: string) => ask(universe, prod, '/version', undefined, undefined, ca)
  await expect(trusting(old)).rejects.toThrow(/certificate/)
  expect((await ask(universe, prod, '/version', await token())).status).toBe(200)
  prod.dropAuthorities()
  expect(cluster.authorities.map(({ certificate }) => certificate)).not.toContain(old)
  expect((await ask(universe, prod, '/version', await token())).status).toBe(200)
})

test('an upgrade changes the version of the API first, then the nodes, one by one', async () => {
  const old = await universe.addEksCluster('aged', { version: '1.34' })
  const version = async () => {
    const { body } = await ask(universe, old, '/version', await token('aged', 'us-east-1'))
    return (body as { gitVersion: string }).gitVersion
  }
  const { store } = old.running()
  const kubelets = () =>
    store
      .list('Node')
      .map(({ status }) => (status as { nodeInfo: { kubeletVersion: string } }).nodeInfo.kubeletVersion)
  await expect(old.upgrade('1.36')).rejects.toThrow(
    'Unsupported Kubernetes minor version update from 1.34 to 1.36',
  )
  const upgraded = old.upgrade('1.35')
  expect(old.cluster).toMatchObject({ status: 'UPDATING', version: '1.34' })
  await upgraded
  expect(old.cluster).toMatchObject({ status: 'ACTIVE', version: '1.35' })
  expect(await version()).toMatch(/^v1\.35\./)
  expect(kubelets().every(each => each.startsWith('v1.34.'))).toBe(true)

  await old.upgradeNodes()
  expect(kubelets()).toEqual([expect.stringMatching(/^v1\.35\./), expect.stringMatching(/^v1\.35\./)])
  const tags = { 'eks:cluster-name': 'aged' }
  const instances = () => universe.world.inventory.list({ type: 'instance', tags })
  while (instances().some(({ state }) => state !== 'running')) await universe.world.clock.sleep(10)
  expect(instances()).toHaveLength(2)
  expect(await version()).toMatch(/^v1\.35\./)
})

test('two clusters of one name in two regions are two', async () => {
  const other = await universe.addEksCluster('prod', { region: 'us-west-2' })
  expect(other.cluster.endpoint).not.toBe(prod.cluster.endpoint)
  const bearer = await token('prod', 'us-west-2')
  expect((await ask(universe, other, '/version', bearer)).status).toBe(200)
  await expect(universe.addEksCluster('prod', { region: 'us-west-2' })).rejects.toThrow('there is a cluster')
})

test('a cluster that is being created has no endpoint, and serves when it has become active', async () => {
  const young = await universe.addEksCluster('young', { status: 'CREATING' })
  expect(young.cluster.endpoint).toBeUndefined()
  expect(() => young.running()).toThrow('has no API yet')
  await young.become('ACTIVE')
  expect((await ask(universe, young, '/version', await token('young', 'us-east-1'))).status).toBe(200)
  await young.remove()
  expect(universe.aws.eks.list().map(({ name }) => name)).not.toContain('young')
})
