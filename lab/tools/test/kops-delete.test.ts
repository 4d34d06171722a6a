import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { create, keysOf, name, resourcesOf, state } from '../testing/kops-cluster.ts'
import { openToolWorld, type ToolWorld } from '../testing/tool-world.ts'

let lab: ToolWorld

beforeEach(async () => {
  lab = await openToolWorld()
})
afterEach(() => lab.close())

describe('delete cluster', () => {
  test('shows the table and stops there without --yes', async () => {
    await lab.kops(`${create} --yes`)
    const { exitCode, stdout } = await lab.kops(`delete cluster ${name} ${state}`)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^TYPE\t+NAME\t+ID\n/)
    expect(stdout).toMatch(/\nMust specify --yes to delete cluster\n$/)
    expect(resourcesOf(lab)).not.toEqual([])
  })

  test('leaves nothing behind', async () => {
    await lab.kops(`${create} --yes`)
    const { exitCode, stdout, stderr } = await lab.kops(`delete cluster ${name} ${state} --yes`)
    expect(stderr).toContain('Looking for cloud resources to delete')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/\nvpc:vpc-\w+\tok\n/)
    expect(stdout.endsWith(`Deleted kubectl config for ${name}\n\nDeleted cluster: "${name}"\n`)).toBe(true)
    expect(lab.world.inventory.list(({ type }) => type !== 'bucket')).toEqual([])
    expect([await keysOf(lab), lab.clusters.size]).toEqual([[], 0])
  })

  test('gives up when the time is over, keeping the state for the next attempt', async () => {
    await lab.kops(`${create} --yes`)
    const vpc = lab.world.inventory.list({ type: 'vpc' })[0]
    lab.world.inventory.add({
      type: 'network-interface',
      region: 'us-east-1',
      attributes: { vpcId: vpc?.id },
    })
    const { exitCode, stdout, stderr } = await lab.kops(`delete cluster ${name} ${state} --yes --wait=5m`)
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/\ninternet-gateway:igw-\w+\tstill has dependencies, will retry\n/)
    expect(stdout).toContain('Not all resources deleted; waiting before reattempting deletion\n')
    expect(stderr).toContain('Error: wait time exceeded during resources deletion\n')
    expect(await keysOf(lab)).toContain(`${name}/config`)
  })

  test('only unregisters what has no resources', async () => {
    await lab.kops(create)
    const asked = await lab.kops(`delete cluster ${name} ${state}`)
    expect(asked.stdout).toBe(
      'No cloud resources to delete\n\nMust specify --yes to unregister the cluster\n',
    )
    const { stdout } = await lab.kops(`delete cluster ${name} ${state} --yes`)
    expect(stdout).toBe(`No cloud resources to delete\n\nDeleted cluster: "${name}"\n`)
    expect(await keysOf(lab)).toEqual([])
  })

  test('refuses to remove files that are not its own', async () => {
    await lab.kops(create)
    await lab.s3('PUT', `/state/${name}/note.txt`, 'mine')
    const { stderr } = await lab.kops(`delete cluster ${name} ${state} --yes`)
    expect(stderr).toContain(`Error: refusing to delete: unknown file found: s3://state/${name}/note.txt\n`)
    expect(await keysOf(lab)).toContain(`${name}/config`)
  })
})
