import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { create, keysOf, name, resourcesOf } from '../testing/kops-cluster.ts'
import { openToolWorld, type ToolWorld } from '../testing/tool-world.ts'

let lab: ToolWorld

beforeEach(async () => {
  lab = await openToolWorld()
})
afterEach(() => lab.close())

describe('create cluster', () => {
  test('makes the inventory of a one-node cluster and starts it', async () => {
    const { exitCode, stdout } = await lab.kops(`${create} --yes`)
    expect(exitCode).toBe(0)
    expect(stdout).toContain(`kOps has set your kubectl context to ${name}\n`)
    expect(stdout).toContain('Cluster is starting.  It should be ready in a few minutes.')
    const counts = Object.groupBy(resourcesOf(lab), ({ type }) => type)
    expect(Object.fromEntries(Object.entries(counts).map(([type, list]) => [type, list?.length]))).toEqual({
      'autoscaling-group': 2,
      'dhcp-options': 1,
      'eventbridge-rule': 4,
      'iam-instance-profile': 2,
      'iam-role': 2,
      instance: 2,
      'internet-gateway': 1,
      'launch-template': 2,
      'load-balancer': 1,
      'route-table': 1,
      'security-group': 3,
      sqs: 1,
      subnet: 1,
      'target-group': 2,
      volume: 2,
      vpc: 1,
    })
    const { spec } = lab.clusters.get(name) ?? {}
    expect(spec).toMatchObject({
      region: 'us-east-1',
      kubernetesVersion: '1.35.7',
      nodes: [{ size: 't3.medium' }],
    })
    expect(spec?.apiHost).toMatch(
      /^api-usa-k8s-example-com-[a-z2-7]{6}-[0-9a-f]{16}\.elb\.us-east-1\.amazonaws\.com$/,
    )
  })

  test('tags everything with the cluster and the cloud labels', async () => {
    await lab.kops(`${create} --yes`)
    for (const { tags } of resourcesOf(lab)) {
      expect(tags).toMatchObject({ [`kubernetes.io/cluster/${name}`]: 'owned', team: 'web' })
    }
  })

  test('writes the state that a later job needs', async () => {
    await lab.kops(`${create} --yes`)
    const files = (await keysOf(lab)).map(key => key?.slice(name.length + 1))
    expect(files).toEqual(
      expect.arrayContaining([
        'config',
        'instancegroup/control-plane-us-east-1a',
        'instancegroup/nodes-us-east-1a',
        'cluster-completed.spec',
        'kops-version.txt',
        'pki/private/kubernetes-ca/keyset.yaml',
        'backups/etcd/main/control/etcd-cluster-spec',
      ]),
    )
    const count = (folder: string) => files.filter(file => file?.startsWith(`${folder}/`)).length
    expect([count('addons'), count('manifests'), count('pki'), count('secrets')]).toEqual([11, 4, 8, 9])
  })

  test('refuses a cluster that is there', async () => {
    await lab.kops(create)
    const { exitCode, stderr } = await lab.kops(`${create} --yes`)
    expect(exitCode).toBe(1)
    expect(stderr).toContain(
      `Error: cluster "${name}" already exists; use 'kops update cluster' to apply changes\n`,
    )
  })

  test('writes nothing on a dry run, and prints the cluster and its groups', async () => {
    const { exitCode, stdout } = await lab.kops(`${create} --dry-run -o yaml`)
    expect(exitCode).toBe(0)
    expect(stdout.split('\n---\n').map(text => parse(text).kind)).toEqual([
      'Cluster',
      'InstanceGroup',
      'InstanceGroup',
    ])
    expect(await keysOf(lab)).toEqual([])
  })

  test('leaves the spec behind when it refuses the version, so that the next create finds it', async () => {
    const refused = await lab.kops(`${create} --kubernetes-version=1.20.1 --yes`)
    expect(refused.exitCode).toBe(1)
    expect(refused.stdout).toContain('This version of Kubernetes is no longer supported')
    expect(refused.stderr.trimEnd().split('\n').at(-1)).toBe('Error: kubernetes upgrade is required')
    expect((await lab.kops(`${create} --yes`)).stderr).toContain('already exists')
  })

  test('refuses an unknown zone before it writes anything', async () => {
    const { stderr } = await lab.kops(`${create} --zones=us-east-1z --yes`)
    expect(stderr).toContain(
      'Error: error Zone is not a recognized AZ: "us-east-1z" (check you have specified a valid zone?)\n',
    )
    expect(await keysOf(lab)).toEqual([])
  })

  test('says which bucket is missing', async () => {
    const { stderr } = await lab.kops(`get cluster ${name} --state=s3://other`)
    expect(stderr).toContain(
      `Error: error reading cluster configuration "${name}": error reading s3://other/${name}/config: error fetching s3://other/${name}/config: operation error S3: GetObject, https response error StatusCode: 404`,
    )
  })
})
