import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const name = 'usa.k8s.example.com'
const state = `--name=${name} --state=s3://${name}-state`
let universe: Universe

beforeAll(async () => {
  universe = await startUniverse({ scale: 3_000 })
  await universe.addCluster(name)
})
afterAll(() => universe.close())

const machines = () =>
  universe.world.inventory
    .list({ type: 'instance', state: 'running' })
    .map(({ id, attributes }) => ({ id, size: attributes.instanceType }))
const view = () => universe.clusters.view(name)
const versions = () =>
  universe.clusters
    .clusters()
    .flatMap(({ store }) => store.list('Node'))
    .map(node => (node.status as { nodeInfo: { kubeletVersion: string } }).nodeInfo.kubeletVersion)

/** The requests by which something changes or ends, in order. */
function changes(since: number): string[] {
  const changing = /^(Create(LaunchTemplateVersion|Tags)|Modify|Update|Detach|Terminate|Deregister)/
  const all = universe.world.requests.all().slice(since)
  return all.map(({ operation }) => operation).filter(operation => changing.test(operation))
}

describe('kops reconcile', () => {
  test('has nothing to do for a cluster that is as it is saved', async () => {
    const before = machines()
    const { exitCode, stdout } = await universe.kops(`reconcile cluster ${state} --yes`)
    expect(exitCode).toBe(0)
    expect(stdout.match(/No rolling-update required\./g)).toHaveLength(2)
    expect(machines()).toEqual(before)
  })

  test('without --yes only says what it would change', async () => {
    await universe.kops(`edit cluster ${state} --set=spec.kubernetesVersion=1.36.1`)
    const { stdout } = await universe.kops(`reconcile cluster ${state}`)
    expect(stdout).toContain(`LaunchTemplate/nodes-us-east-1a.${name}\n  \tUserData`)
    expect(stdout).toContain('Must specify --yes to apply changes')
    expect(view()?.version).toBe('1.35.7')
  })

  test('replaces the control plane, then the nodes, with the API away in between', async () => {
    const begun = universe.world.requests.all().length
    const before = machines()
    const away: number[] = []
    const watch = setInterval(() => {
      if (view()?.serving === false) away.push(universe.world.clock.elapsed())
    }, 5)
    const { exitCode, stdout, stderr } = await universe.kops(`reconcile cluster ${state} --yes`)
    clearInterval(watch)
    expect(exitCode, stderr).toBe(0)
    expect(changes(begun)).toEqual([
      ...['CreateLaunchTemplateVersion', 'ModifyLaunchTemplate', 'TerminateInstances'],
      ...['CreateLaunchTemplateVersion', 'ModifyLaunchTemplate'],
      ...['CreateTags', 'DetachInstances', 'TerminateInstances'],
    ])
    expect(machines()).toHaveLength(2)
    for (const { id } of before) expect(machines().map(each => each.id)).not.toContain(id)
    expect(away.length).toBeGreaterThan(0)
    expect(view()?.version).toBe('1.36.1')
    expect(versions()).toEqual(['v1.36.1', 'v1.36.1'])
    expect(stdout).toMatch(/control-plane-us-east-1a\tNeedsUpdate\t1/)
    expect(stderr).toContain('skipping deregistration of instance')
  })

  test('ends when what it launches does not come, and goes on where it stopped', async () => {
    await universe.kops(`edit instancegroup nodes-us-east-1a ${state} --set=spec.machineType=t3.large`)
    universe.world.faults.begin('no-capacity')
    const failed = await universe.kops(`reconcile cluster ${state} --yes`)
    expect(failed.exitCode).toBe(1)
    expect(failed.stderr).toContain('did not have enough nodes 0 vs 1')
    expect(failed.stderr).toContain(
      'Error: error validating cluster after detaching instance: cluster did not validate within a duration of "15m0s"',
    )
    expect(view()?.nodes.map(({ status }) => status)).toEqual(['True', 'True'])
    universe.world.faults.end('no-capacity')
    const { exitCode, stderr } = await universe.kops(`reconcile cluster ${state} --yes`)
    expect(exitCode, stderr).toBe(0)
    expect(machines().map(({ size }) => size)).toEqual(['t3.medium', 't3.large'])
  })
})

test('a rolling update without the cluster tells by what AWS has', async () => {
  const { stdout } = await universe.kops(`rolling-update cluster ${state} --cloudonly`)
  expect(stdout).toMatch(/^NAME\t+STATUS\t+NEEDUPDATE\tREADY\tMIN\tTARGET\tMAX\n/)
  expect(stdout).toMatch(/nodes-us-east-1a\t+Ready\t+0\t+1\t+1\t+1\t+1\n/)
})
