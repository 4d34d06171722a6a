import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { create, keysOf, name, resourcesOf, state } from './kops-cluster.ts'
import { openToolWorld, type ToolWorld } from './tool-world.ts'

let lab: ToolWorld

beforeEach(async () => {
  lab = await openToolWorld()
})
afterEach(() => lab.close())

describe('update cluster', () => {
  test('changes nothing the second time', async () => {
    await lab.kops(`${create} --yes`)
    const before = resourcesOf(lab).map(({ id }) => id)
    const { exitCode, stdout } = await lab.kops(`update cluster ${name} ${state} --yes --admin=4h`)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Cluster changes have been applied to the cloud.')
    expect(stdout).toContain('Changes may require instances to restart: kops rolling-update cluster')
    expect(resourcesOf(lab).map(({ id }) => id)).toEqual(before)
  })

  test('makes what is missing and starts a cluster that the world has lost', async () => {
    await lab.kops(`${create} --yes`)
    const [instance] = lab.world.inventory.list({ type: 'instance' })
    lab.world.inventory.remove(instance?.id ?? '')
    lab.clusters.clear()
    expect((await lab.kops(`update cluster ${name} ${state} --yes`)).exitCode).toBe(0)
    expect(lab.world.inventory.list({ type: 'instance' })).toHaveLength(2)
    expect(lab.clusters.has(name)).toBe(true)
  })

  test('asks for instance groups when a create was cut short before it wrote them', async () => {
    await lab.kops(create)
    for (const key of await keysOf(lab)) {
      if (key?.includes('/instancegroup/')) await lab.s3('DELETE', `/state/${key}`)
    }
    const { stderr } = await lab.kops(`update cluster ${name} ${state} --yes`)
    expect(stderr).toBe('Error: must configure at least one InstanceGroup\n')
  })

  test('refuses an absent cluster', async () => {
    const { stderr } = await lab.kops(`update cluster ${name} ${state} --yes`)
    expect(stderr).toBe(
      `Error: error reading cluster configuration: Cluster.kops.k8s.io "${name}" not found\n`,
    )
  })
})
