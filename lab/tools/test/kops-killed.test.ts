import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { create, keysOf, name, resourcesOf, state } from '../testing/kops-cluster.ts'
import { openToolWorld } from '../testing/tool-world.ts'

async function openDeadlyWorld(faults: string[]) {
  const lab = await openToolWorld({ faults })
  onTestFinished(() => lab.close())
  return {
    ...lab,
    /** Runs kops, which has to die, and tells what is there afterwards. */
    async die(line: string) {
      expect(await lab.kops(line)).toMatchObject({ signal: 'SIGKILL' })
      const files = (await keysOf(lab)).map(key => key.slice(name.length + 1))
      return { files, types: [...new Set(resourcesOf(lab).map(({ type }) => type))] }
    },
  }
}

test('a creation that is killed leaves what it had made, at every point, and can be taken up', async () => {
  const points = ['start', 'config', 'instance-group', 'vpc', 'autoscaling-group', 'end']
  const lab = await openDeadlyWorld(points.map(point => `kill-kops:${point}`))
  const update = `update cluster ${name} ${state} --yes`
  const forget = () => lab.kops(`delete cluster ${name} ${state} --yes`)

  expect(await lab.die(`${create} --yes`)).toEqual({ files: [], types: [] })
  expect(await lab.die(`${create} --yes`)).toEqual({ files: ['config'], types: [] })
  await forget()
  const group = 'instancegroup/control-plane-us-east-1a'
  expect(await lab.die(`${create} --yes`)).toEqual({ files: ['config', group], types: [] })
  expect((await lab.kops(update)).stderr).toBe('Error: must configure at least one Node InstanceGroup\n')
  await forget()
  expect((await lab.die(`${create} --yes`)).types).toEqual(['vpc'])
  expect((await lab.die(update)).types).toContain('autoscaling-group')
  expect((await lab.die(update)).files).toContain('kops-version.txt')
  expect(await lab.kops(update)).toMatchObject({ exitCode: 0 })
  expect(lab.world.inventory.list({ type: 'vpc' })).toHaveLength(1)
  expect(lab.world.inventory.list({ type: 'instance' })).toHaveLength(2)
})

test('a deletion that is killed keeps the state until the cloud is empty, and can be taken up', async () => {
  const points = ['delete-start', 'delete-resource', 'delete-cloud', 'delete-state']
  const lab = await openDeadlyWorld(points.map(point => `kill-kops:${point}`))
  await lab.kops(`${create} --yes`)
  const all = resourcesOf(lab).length
  const remove = `delete cluster ${name} ${state} --yes`

  await lab.die(remove)
  expect(resourcesOf(lab)).toHaveLength(all)
  await lab.die(remove)
  expect(resourcesOf(lab).length).toBeLessThan(all)
  const emptied = await lab.die(remove)
  expect(emptied.types).toEqual([])
  expect(emptied.files).toContain('config')
  expect((await lab.die(remove)).files).toEqual([])
})

test('kops can take the process that called it with it', async () => {
  const lab = await openDeadlyWorld(['kill-job:config'])
  const call = [
    'spawnSync',
    JSON.stringify(join(lab.directory, 'bin', 'kops')),
    JSON.stringify(`${create} --yes`.split(' ')),
  ]
  const script = `require('node:child_process').${call[0]}(${call[1]}, ${call[2]})`

  const signal = await new Promise(resolve => {
    execFile(process.execPath, ['-e', script], { env: lab.env }, error => resolve(error?.signal))
  })

  expect(signal).toBe('SIGKILL')
  expect(await keysOf(lab)).toEqual([`${name}/config`])
})
