import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { shortcomings } from './step.ts'
import { messageOfRun, type WorldStep } from './try-step.ts'

/** Wrong first steps with what is in the account: zones, buckets, machines, roles, tools; and in a wrong order. */

let universe: Universe

beforeAll(async () => {
  universe = await startUniverse({ scale: 10_000 })
  const { route53, s3, addAccount } = universe.aws
  route53.addZone('inner.example.org', { private: true })
  for (const _ of [1, 2]) route53.addZone('twice.example.org')
  s3.addBucket('platform', { account: addAccount('444455556666').id })
  await universe.addCluster('theirs.k8s.example.com')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await universe.close()
})

const theirs = '[{name: theirs, region: us-east-1}]'
const createZone =
  'Use a domain of one of them, create the zone, or check that this is the right AWS account.'

const steps: WorldStep[] = [
  {
    done: 'a letter swapped in the domain',
    action: 'latency-dns',
    inputs: { domain: 'k8s.exmaple.com' },
    what: "'k8s.exmaple.com'",
    where: 'no public hosted zone of this account',
    allowed: 'Public hosted zones of this account: k8s.example.com',
    fix: createZone,
  },
  {
    done: 'the domain of a private zone',
    action: 'latency-dns',
    inputs: { domain: 'inner.example.org' },
    what: "'inner.example.org'",
    where: 'is private and cannot be used',
    allowed: 'Public hosted zones of this account: k8s.example.com',
    fix: createZone,
  },
  {
    done: 'a zone that was made twice',
    action: 'latency-dns',
    inputs: { domain: 'twice.example.org' },
    what: 'are named twice.example.org: Z',
    where: '2 public hosted zones',
    allowed: 'which one is delegated to',
    fix: 'the input zone-id',
  },
  {
    done: 'the id of a zone that is gone',
    action: 'latency-dns',
    inputs: { 'zone-id': 'Z0123456789ABC' },
    what: "'Z0123456789ABC'",
    where: 'there is no hosted zone',
    allowed: 'in this account',
    fix: 'Correct the input zone-id, or leave it out',
  },
  {
    done: 'an API in a zone that is not there',
    action: 'create-cluster',
    inputs: { domain: 'k8s.exmaple.com', dns: 'zone' },
    what: "'k8s.exmaple.com'",
    where: 'no public hosted zone of this account',
    allowed: 'Public hosted zones of this account: k8s.example.com',
    fix: createZone,
  },
  {
    done: "a stranger's bucket",
    action: 'create-cluster',
    inputs: { 'state-store': 's3://platform/kops' },
    what: 'the state bucket platform',
    where: 'does not belong to account 111122223333',
    allowed: 'Bucket names are shared by all of AWS',
    fix: 'choose another with state-store',
  },
  {
    done: 'an instance type that there is not',
    action: 'create-cluster',
    inputs: { name: 'one', 'node-size': 't3.medum' },
    what: "'t3.medum'",
    where: 'Correct node-size',
    allowed: 'an EC2 instance type that the region has',
    fix: 'such as t3.medium',
  },
  {
    done: 'a zone that has no machines of the usual type',
    action: 'create-cluster',
    inputs: { name: 'one', zones: 'us-east-1e' },
    what: "'t3.medium'",
    where: 'us-east-1e',
    allowed: 'us-east-1a, us-east-1b, us-east-1c, us-east-1d, us-east-1f',
    fix: 'Choose zones of',
  },
  {
    done: 'no boundary for the roles of machines',
    action: 'create-cluster',
    inputs: { name: 'two', 'permissions-boundary': '' },
    tooLate: true,
    what: 'iam:CreateRole',
    where: 'role/masters.two.k8s.example.com',
    allowed: 'let kops make roles only within their boundary',
    fix: 'give permissions-boundary',
  },
  {
    done: 'the path of a key that is not checked out',
    action: 'create-cluster',
    inputs: { name: 'three', 'ssh-public-key': 'id_ed25519.pub' },
    what: 'id_ed25519.pub',
    where: 'input ssh-public-key',
    allowed: 'no such file or directory',
    fix: 'give the path from its root, or give the key itself',
  },
  {
    done: 'the path of a kops that is not there',
    action: 'create-cluster',
    inputs: { 'kops-path': '/opt/kops' },
    what: '/opt/kops',
    where: 'kops-path',
    allowed: 'is not an executable file',
    fix: 'or leave it out: kops is then taken from PATH or downloaded',
  },
  {
    done: 'a kops that nobody has pinned',
    action: 'create-cluster',
    inputs: { 'kops-version': '1.36.9' },
    what: 'the sha256 of kops 1.36.9',
    where: 'is not known to this action',
    allowed: 'use one of 1.36.2',
    fix: 'Give it with kops-sha256',
  },
  {
    done: 'federate before the clusters',
    action: 'federate',
    inputs: {},
    what: 'usa.k8s.example.com is not in',
    where: 's3://usa.k8s.example.com-state',
    allowed: 'If it has another name or its state lies elsewhere, give fullName or stateStore',
    fix: 'Run create-cluster first',
  },
  {
    done: 'federate with a cluster in another region',
    action: 'federate',
    inputs: { clusters: '[{name: theirs, region: eu-west-1}]' },
    what: 'not in eu-west-1',
    where: 'theirs.k8s.example.com is in us-east-1',
    allowed: 'Set its region in clusters',
    fix: 'to us-east-1',
  },
  {
    done: 'an app before its federation',
    action: 'deploy-federated-app',
    inputs: { clusters: theirs },
    what: 'cluster theirs',
    where: 'is not the host of a federation that can be reached',
    allowed: 'with the same host',
    fix: 'Run federate for these clusters first',
  },
  {
    done: 'an app in another job, without its clusters',
    action: 'deploy-federated-app',
    inputs: { clusters: '' },
    what: 'no way to the federation',
    where: "KUBECONFIG has no context 'fed'",
    allowed: 'or kubeconfig, or run federate earlier in this job',
    fix: 'Give clusters',
  },
  {
    done: 'a teardown of what others have made',
    action: 'teardown',
    inputs: { clusters: theirs },
    what: "theirs.k8s.example.com is not Meridian's",
    where: 'neither a claim nor its own labels',
    allowed: 'If it is yours, claim it',
    fix: 'adopt: true',
  },
]

test.each(steps)('$done', async step => {
  const said = await messageOfRun(universe, step)
  expect(shortcomings(said, step), said).toEqual([])
})
