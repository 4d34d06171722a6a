import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { create, keysOf, name, resourcesOf, state } from '../testing/kops-cluster.ts'
import { openToolWorld, type ToolWorld } from '../testing/tool-world.ts'

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
    const [group] = lab.world.inventory.list({ type: 'autoscaling-group' })
    for (const { id } of lab.world.inventory.list({ name: group?.name })) lab.world.inventory.remove(id)
    lab.clusters.clear()
    expect((await lab.kops(`update cluster ${name} ${state} --yes`)).exitCode).toBe(0)
    expect(lab.world.inventory.list({ type: 'instance' })).toHaveLength(2)
    expect(lab.clusters.has(name)).toBe(true)
  })

  test('changes the number of nodes when their group has other limits', async () => {
    await lab.kops(`${create} --yes`)
    const edit = `edit instancegroup nodes-us-east-1a --name=${name} ${state}`
    expect(await lab.kops(`${edit} --set=spec.maxSize=2 --set=spec.minSize=2`)).toMatchObject({ exitCode: 0 })
    const preview = await lab.kops(`update cluster ${name} ${state}`)
    expect(preview.stdout).toContain('Will modify resources:\n  AutoscalingGroup/nodes-us-east-1a.')
    await lab.kops(`update cluster ${name} ${state} --yes`)
    expect(lab.clusters.get(name)?.spec.nodes).toHaveLength(2)
    const refused = await lab.kops(`${edit} --set=spec.maxSize=1`)
    expect(refused.stderr).toContain('maxSize must be greater than or equal to minSize.')
  })

  test('has several types of machines, and spot ones, where the group says so', async () => {
    await lab.kops(create)
    const edit = `edit instancegroup nodes-us-east-1a --name=${name} ${state}`
    const policy = 'spec.mixedInstancesPolicy'
    await lab.kops(`${edit} --set=${policy}.instances=t3.medium,t3a.medium`)
    await lab.kops(`update cluster ${name} ${state} --yes`)
    const group = () =>
      lab.world.inventory.list({ type: 'autoscaling-group' }).find(each => each.name?.startsWith('nodes-'))
    expect(group()?.attributes.mixed).toMatchObject({ types: ['t3.medium', 't3a.medium'] })
    await lab.kops(`${edit} --set=${policy}.onDemandAboveBase=0 --set=${policy}.instances=m5.large`)
    const preview = await lab.kops(`update cluster ${name} ${state}`)
    expect(preview.stdout).toMatch(
      /MixedInstanceOverrides\s+\[t3.medium t3a.medium\] -> \[t3.medium t3a.medium m5.large\]/,
    )
    await lab.kops(`update cluster ${name} ${state} --yes`)
    expect(group()?.attributes.mixed).toMatchObject({
      types: ['t3.medium', 't3a.medium', 'm5.large'],
      distribution: { OnDemandPercentageAboveBaseCapacity: '0' },
    })
    const again = await lab.kops(`update cluster ${name} ${state}`)
    expect(again.stdout).toContain('No changes need to be applied')
    const missing = await lab.kops(`${edit} --unset=spec.warmPool.maxSize`)
    expect(missing.stderr).toContain('field spec.warmPool.maxSize not found in *InstanceGroup')
    const refused = await lab.kops(`${edit} --set=${policy}.onDemandAboveBase=101`)
    expect(refused.stderr).toContain('Invalid value: 101: cannot be greater than 100')
  })

  test('has the key for SSH that was saved, and loses it with the cluster', async () => {
    const file = join(lab.directory, 'key.pub')
    await writeFile(file, 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtleQ== me\n')
    await lab.kops(`${create} --ssh-public-key=${file} --yes`)
    const keys = () => lab.world.inventory.list({ type: 'key-pair' }).map(each => each.name)
    expect(keys()).toEqual([expect.stringMatching(new RegExp(`^kubernetes.${name}-(\\w\\w:){15}\\w\\w$`))])
    await lab.kops(`delete cluster ${name} ${state} --yes`)
    expect(keys()).toEqual([])
  })

  test('has spot machines by a price in the template where the group has one and no policy', async () => {
    await lab.kops(`${create} --yes`)
    const edit = `edit instancegroup nodes-us-east-1a --name=${name} ${state}`
    await lab.kops(`${edit} --set=spec.maxPrice=0.05`)
    await lab.kops(`update cluster ${name} ${state} --yes`)
    const template = lab.world.inventory
      .list({ type: 'launch-template' })
      .find(each => each.name?.startsWith('nodes-'))
    expect(template?.attributes.spotPrice).toBe('0.05')
  })

  test('has other networks that may reach the API when they are edited by their own name', async () => {
    await lab.kops(create)
    const edit = `edit cluster --name=${name} ${state}`
    const access = '--set=spec.api.access=192.0.2.0/24 --set=spec.api.access=::/0'
    expect(await lab.kops(`${edit} --unset=spec.api.access ${access}`)).toMatchObject({ exitCode: 0 })
    const { stdout } = await lab.kops(`get cluster ${name} ${state} -o json`)
    expect(JSON.parse(stdout).spec.kubernetesApiAccess).toEqual(['192.0.2.0/24', '::/0'])
    const refused = await lab.kops(`${edit} --unset=spec.kubernetesApiAccess`)
    expect(refused.stderr).toBe('Error: field spec.kubernetesApiAccess not found in *Cluster\n')
  })

  test('launches nothing without capacity, and says nothing of it', async () => {
    const poor = await openToolWorld({ faults: ['no-capacity'] })
    onTestFinished(() => poor.close())
    expect(await poor.kops(`${create} --yes`)).toMatchObject({ exitCode: 0 })
    expect(poor.world.inventory.list({ type: 'instance' })).toEqual([])
    expect(poor.world.activities[0]).toMatchObject({ status: 'Failed' })
    const { stdout, stderr } = await poor.kops(`validate cluster ${name} ${state} -o json`)
    expect(stdout).toBe('')
    expect(stderr).toContain('i/o timeout')
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
