import { expect, test } from 'vitest'
import { messageOfInputs, type Step, shortcomings } from './step.ts'

/** Wrong first steps with create-cluster whose inputs tell them. */

const eks = (user: string) =>
  `{apiVersion: v1, kind: Config, current-context: eks, contexts: [{name: eks, context: {cluster: eks, user: me}}], clusters: [{name: eks, cluster: {server: "https://eks.example.com"}}], users: [{name: me, user: ${user}}]}`
const execPlugin = '{exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}}'

const steps: Omit<Step, 'action'>[] = [
  {
    done: 'an alias in capitals',
    inputs: { name: 'USA' },
    what: "'USA'",
    where: 'input name',
    allowed: 'at most 15 characters: a–z, 0–9',
  },
  {
    done: 'the full name as the alias',
    inputs: { name: 'usa.k8s.example.com' },
    what: "'usa.k8s.example.com'",
    where: 'input name',
    allowed: 'a label of at most 15 characters',
  },
  {
    done: 'a URL for the domain',
    inputs: { domain: 'https://k8s.example.com' },
    what: "'https://k8s.example.com'",
    where: 'input domain',
    allowed: "a domain such as 'k8s.example.com'",
  },
  {
    done: 'a branch for the environment',
    inputs: { environment: 'feature/cart' },
    what: "'feature/cart'",
    where: 'input environment',
    allowed: 'at most 20 characters: a–z, 0–9',
  },
  {
    done: 'a region for the zone',
    inputs: { zones: 'us-east-1' },
    what: "'us-east-1'",
    where: 'input zones',
    allowed: "an availability zone such as 'us-east-1a'",
  },
  {
    done: 'neither zones nor region',
    inputs: { zones: '' },
    what: 'is required',
    where: 'input zones',
    allowed: 'such as us-east-1a',
  },
  {
    done: 'zones of two regions',
    inputs: { zones: 'us-east-1a,eu-west-1a' },
    what: "'us-east-1a' and 'eu-west-1a'",
    where: 'input zones',
    allowed: 'all zones of a cluster are in one',
  },
  {
    done: 'zones as a list in YAML',
    inputs: { zones: '[us-east-1a, us-east-1b]' },
    what: "'[us-east-1a, us-east-1b]'",
    where: 'input zones',
    allowed: 'commas or line ends between them, without brackets',
  },
  {
    done: 'a letter swapped in the zone',
    inputs: { zones: 'us-esat-1a' },
    what: "'us-esat-1'",
    where: 'input zones',
    allowed: 'did you mean us-east-1?',
  },
  {
    done: 'a zone letter that no region has',
    inputs: { zones: 'us-east-1z' },
    what: "'us-east-1z'",
    where: 'input zones',
    allowed: 'their letters are among a, b',
  },
  {
    done: 'a zone of China',
    inputs: { zones: 'cn-north-1a' },
    what: "'cn-north-1a'",
    where: 'input zones',
    allowed: 'name regions of the partition aws',
  },
  {
    done: 'a region beside zones of another',
    inputs: { region: 'us-east-2' },
    what: "'us-east-2'",
    where: 'input region',
    allowed: 'the zones are in us-east-1',
  },
  {
    done: 'a hyphen in the instance type',
    inputs: { 'node-size': 't3-medium' },
    what: "'t3-medium'",
    where: 'input node-size',
    allowed: "an instance type such as 't3.medium'",
  },
  {
    done: 'two control-plane machines',
    inputs: { 'control-plane-count': '2' },
    what: "'2'",
    where: 'input control-plane-count',
    allowed: 'must be 1, 3, 5 or 7',
  },
  {
    done: 'Kubernetes by its minor version',
    inputs: { 'kubernetes-version': '1.35' },
    what: "'1.35'",
    where: 'input kubernetes-version',
    allowed: "a full version such as '1.35.7'",
  },
  {
    done: 'a Kubernetes that is newer than kops',
    inputs: { 'kubernetes-version': '1.99.0' },
    what: "'1.99.0'",
    where: 'input kubernetes-version',
    allowed: 'it takes Kubernetes 1.31 to 1.36',
  },
  {
    done: 'a Kubernetes that is out of support',
    inputs: { 'kubernetes-version': '1.24.17' },
    what: "'1.24.17'",
    where: 'input kubernetes-version',
    allowed: 'it takes Kubernetes 1.31 to 1.36',
  },
  {
    done: 'a time without its unit',
    inputs: { ttl: '8' },
    what: "'8'",
    where: 'input ttl',
    allowed: "a duration such as '45s', '30m' or '1h30m'",
  },
  {
    done: 'a cluster for five minutes',
    inputs: { ttl: '5m' },
    what: 'is 5m',
    where: 'input ttl',
    allowed: 'at least 10m',
  },
  {
    done: 'an address for a network',
    inputs: { 'api-access': '203.0.113.7' },
    what: "'203.0.113.7'",
    where: 'input api-access',
    allowed: "'203.0.113.7/32' for this address alone",
  },
  {
    done: 'one of two networks too small to be',
    inputs: { 'api-access': '10.0.0.0/8, 203.0.113.0/33' },
    what: "has '203.0.113.0/33'",
    where: 'input api-access',
    allowed: "a network such as '203.0.113.0/24'",
  },
  {
    done: 'tags as a map',
    inputs: { tags: 'team: platform' },
    what: "'team: platform'",
    where: 'input tags',
    allowed: 'key=value pairs',
  },
  {
    done: 'yes for true',
    inputs: { 'dry-run': 'yes' },
    what: "'yes'",
    where: 'input dry-run',
    allowed: "'true' or 'false'",
  },
  {
    done: 'the name of the role',
    inputs: { 'role-to-assume': 'meridian' },
    what: "'meridian'",
    where: 'input role-to-assume',
    allowed: "a role's ARN such as 'arn:aws:iam::111122223333:role/deploy'",
  },
  {
    done: 'the role for the boundary',
    inputs: { 'permissions-boundary': 'arn:aws:iam::111122223333:role/meridian' },
    what: "'arn:aws:iam::111122223333:role/meridian'",
    where: 'input permissions-boundary',
    allowed: 'the ARN of a policy',
  },
  {
    done: 'the account as the console writes it',
    inputs: { 'expected-account-id': '1111-2222-3333' },
    what: "'1111-2222-3333'",
    where: 'input expected-account-id',
    allowed: 'the 12 digits',
  },
  {
    done: 'the bare name of the bucket',
    inputs: { 'state-store': 'our-states' },
    what: "'our-states'",
    where: 'input state-store',
    allowed: 's3://<bucket> or s3://<bucket>/<path>',
  },
  {
    done: 'names that make a bucket too long',
    inputs: { domain: 'a-long-name-of-a-team.kubernetes.our-company.example.com' },
    what: 'usa.a-long-name-of-a-team.kubernetes.our-company.example.com-state',
    where: 'input state-store',
    allowed: 'at most 63: name a shorter one',
  },
  {
    done: 'the private key of a pair',
    inputs: { 'ssh-public-key': '-----BEGIN OPENSSH PRIVATE KEY-----\nhush\n' },
    what: 'a private one',
    where: 'input ssh-public-key',
    allowed: 'must be a public key',
    fix: 'Correct this',
  },
  {
    done: 'the path of a kubeconfig',
    inputs: { provider: 'existing', kubeconfig: '~/.kube/config' },
    what: 'the path of one',
    where: 'input kubeconfig',
    allowed: 'the content of a kubeconfig',
  },
  {
    done: "EKS's own kubeconfig",
    inputs: { provider: 'existing', kubeconfig: eks(execPlugin) },
    what: "user 'me' runs a program (exec)",
    where: 'input kubeconfig',
    allowed: 'take that out, or set kubeconfig-trusted',
  },
  {
    done: 'a context that the kubeconfig has not',
    inputs: { provider: 'existing', kubeconfig: eks('{token: hush}'), 'kubeconfig-context': 'prod' },
    what: "'prod'",
    where: 'input kubeconfig-context',
    allowed: 'only eks',
  },
]

test.each(steps)('$done', async step => {
  const said = await messageOfInputs({ ...step, action: 'create-cluster' })
  expect(shortcomings(said, step), said).toEqual([])
  expect(said).not.toContain('hush')
})
