import { expect, test } from 'vitest'
import { messageOfInputs, type Step, shortcomings } from './step.ts'

/** Wrong first steps in how values are written: expressions, lists, versions, words of other tools. */

/** As it stands in a workflow. */
const expression = (text: string) => `$\{{ ${text} }}`
const unfilled = 'an expression that nobody has filled in'

const steps: Step[] = [
  {
    done: 'an expression out of a file',
    action: 'create-cluster',
    inputs: { zones: expression('matrix.cluster.zones') },
    what: `'${expression('matrix.cluster.zones')}'`,
    where: 'input zones',
    allowed: unfilled,
  },
  {
    done: 'an output by an expression in a variable',
    action: 'latency-dns',
    inputs: { endpoints: expression('steps.deploy.outputs.endpoints') },
    what: `'${expression('steps.deploy.outputs.endpoints')}'`,
    where: 'input endpoints',
    allowed: unfilled,
  },
  {
    done: 'zones with blanks between them',
    action: 'create-cluster',
    inputs: { zones: 'us-east-1a us-east-1b' },
    what: "'us-east-1a us-east-1b'",
    where: 'input zones',
    allowed: 'several with commas or line ends between them, not blanks',
  },
  {
    done: 'two values for one tag',
    action: 'create-cluster',
    inputs: { tags: 'team=blue,team=red' },
    what: "'team'",
    where: 'input tags',
    allowed: 'must give each key one value',
  },
  {
    done: 'the role of a session, as AWS tells who one is',
    action: 'create-cluster',
    inputs: { 'role-to-assume': 'arn:aws:sts::111122223333:assumed-role/meridian/me' },
    what: "'arn:aws:sts::111122223333:assumed-role/meridian/me'",
    where: 'input role-to-assume',
    allowed: "'arn:aws:iam::111122223333:role/deploy'",
  },
  {
    done: 'the alias of a key',
    action: 'create-cluster',
    inputs: { 'state-kms-key': 'alias/state' },
    what: "'alias/state'",
    where: 'input state-kms-key',
    allowed: 'and no alias',
  },
  {
    done: 'a key of another region',
    action: 'create-cluster',
    inputs: {
      'state-kms-key': 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    },
    what: 'is in eu-west-1',
    where: 'input state-kms-key',
    allowed: 'a bucket in us-east-1 takes a key of that region',
  },
  {
    done: 'from three to six nodes',
    action: 'create-cluster',
    inputs: { 'node-count': '3-6' },
    what: "'3-6'",
    where: 'input node-count',
    allowed: 'a whole number from 1 to 100',
  },
  {
    done: 'the newest Kubernetes there is',
    action: 'create-cluster',
    inputs: { 'kubernetes-version': 'latest' },
    what: "'latest'",
    where: 'input kubernetes-version',
    allowed: "a full version such as '1.35.7'",
  },
  {
    done: 'a wildcard for the domain',
    action: 'create-cluster',
    inputs: { domain: '*.example.com' },
    what: "'*.example.com'",
    where: 'input domain',
    allowed: "a domain such as 'k8s.example.com'",
  },
  {
    done: 'Karmada by its minor version',
    action: 'federate',
    inputs: { 'karmada-version': 'v1.18' },
    what: "'v1.18'",
    where: 'input karmada-version',
    allowed: "a full version such as '1.18.2'",
  },
  {
    done: 'the region for the host',
    action: 'federate',
    inputs: { host: 'us-east-1' },
    what: "'us-east-1'",
    where: 'input host',
    allowed: 'one of clusters: usa, eur',
  },
  {
    done: 'the address of a manifest',
    action: 'deploy-federated-app',
    inputs: { manifests: 'https://example.com/app.yaml' },
    what: "'https://example.com/app.yaml'",
    where: 'input manifests',
    allowed: 'a path, not a URL: a step before can download it',
  },
  {
    done: 'the type of a record as DNS calls it',
    action: 'latency-dns',
    inputs: { type: 'A' },
    what: "'A'",
    where: 'input type',
    allowed: 'one of auto, alias, cname',
  },
  {
    done: "a wildcard's record",
    action: 'latency-dns',
    inputs: { record: '*' },
    what: "'*'",
    where: 'input record',
    allowed: 'its owner mark could not stand beside it',
  },
  {
    done: 'the word of kubectl for a teardown',
    action: 'teardown',
    inputs: { mode: 'delete' },
    what: "'delete'",
    where: 'input mode',
    allowed: 'one of destroy, reap',
  },
]

test.each(steps)('$done', async step => {
  const said = await messageOfInputs(step)
  expect(shortcomings(said, step), said).toEqual([])
})
