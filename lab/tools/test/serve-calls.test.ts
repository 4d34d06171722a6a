import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { create, name, state } from '../testing/kops-cluster.ts'
import { openToolWorld, type ToolWorld } from '../testing/tool-world.ts'

let here: ToolWorld
let apart: ToolWorld

beforeAll(async () => {
  ;[here, apart] = await Promise.all([openToolWorld({ callsHere: true }), openToolWorld()])
})
afterAll(() => Promise.all([here.close(), apart.close()]))

const wait = `validate cluster ${name} ${state} --wait 24h`

/** Starts kops as an action does, and resolves once it has asked for the cluster some times. */
async function startWaiting({ env, directory, world }: ToolWorld) {
  const child = spawn(join(directory, 'bin/kops'), wait.split(' '), { env })
  const ended = once(child, 'close')
  const asked = () => world.requests.all().length
  const before = asked()
  while (asked() < before + 3) await world.clock.sleep(60)
  return { child, ended, asked }
}

describe('a call that runs in the process of the world', () => {
  test('says of its process that it is this one', async () => {
    const args = `create cluster --name=eur.k8s.example.com --zones=eu-west-1a ${state} --yes`.split(' ')
    const line = new RegExp(`^I\\d{4} \\S+ +${process.pid} `, 'm')
    expect((await here.run('kops', args)).stderr).toMatch(line)
    expect((await apart.run('kops', args)).stderr).not.toMatch(line)
  })

  test.each([
    ['says what it says as a process', `${create} --yes`],
    ['fails as a process does', `get cluster --name=none.k8s.example.com ${state}`],
    ['refuses as a process does', 'get nothing'],
    ['takes blanks and quotes as a process does', `get cluster --name "it's.k8s.example.com" ${state}`],
    ['prints nothing but what was asked for', `get cluster ${name} ${state} -o json`],
  ])('%s', async (_, line) => {
    const args = line.match(/"[^"]*"|\S+/g)?.map(each => each.replaceAll('"', '')) ?? []
    const runs = await Promise.all([here, apart].map(lab => lab.run('kops', args)))
    const [told, expected] = runs.map(({ stdout, stderr, ...rest }) => ({
      ...rest,
      stdout: withoutChance(stdout),
      stderr: withoutChance(stderr),
    }))
    expect(told).toEqual(expected)
  })

  test('ends by the signal that it gets, and nothing more of it reaches the world', async () => {
    const { child, ended, asked } = await startWaiting(here)
    child.kill('SIGTERM')
    expect(await ended).toEqual([null, 'SIGTERM'])
    // What was under way may have arrived still.
    await here.world.clock.sleep(60)
    const before = asked()
    await here.world.clock.sleep(3600)
    expect(asked()).toBe(before)
  })

  test('ends with its world', async () => {
    const lab = await openToolWorld({ callsHere: true })
    await lab.kops(`${create} --yes`)
    const { ended } = await startWaiting(lab)
    await lab.close()
    expect(await ended).toEqual([137, null])
  })
})

describe('when the process of the world is killed', () => {
  /** A process of its own with a world in it, stopped before it hears of a call. */
  async function startWorld() {
    const code = `import { openToolWorld } from ${JSON.stringify(new URL('../testing/tool-world.ts', import.meta.url).href)}
      const { directory, env } = await openToolWorld({ callsHere: true })
      console.log(JSON.stringify({ directory, env }))
      setInterval(() => {}, 1e6)`
    const world = spawn(process.execPath, ['--input-type=module', '-e', code])
    const [line] = await once(world.stdout, 'data')
    onTestFinished(() => void world.kill('SIGKILL'))
    return { world, ...(JSON.parse(line) as Pick<ToolWorld, 'directory' | 'env'>) }
  }
  const foldersOf = (pid: number | undefined) =>
    readdirSync(tmpdir()).filter(name => name.startsWith(`meridian-calls-${pid}-`))

  test('a call that it has not answered goes on as a process, and its folder is taken away by the next one', async () => {
    const { world, directory, env } = await startWorld()
    world.kill('SIGSTOP')
    const call = spawn(join(directory, 'bin/kops'), ['get', 'clusters', state], { env })
    const ended = once(call, 'close')
    const pipes = foldersOf(world.pid).map(name => join(tmpdir(), name))
    await vi.waitFor(() =>
      expect(pipes.flatMap(each => readdirSync(each)).join()).toContain(`.${call.pid}.end`),
    )
    world.kill('SIGKILL')
    expect(await ended).toEqual([1, null])
    expect(foldersOf(world.pid)).toHaveLength(1)
    await startWorld()
    expect(foldersOf(world.pid)).toEqual([])
  })
})

/** Times, and what AWS gives out by chance. */
const withoutChance = (text: string) =>
  text
    .replace(/[IWE]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+/g, '')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '')
    .replace(/RequestID: \w+/g, '')
    .replace(/127\.0\.0\.1:\d+/g, '')
    .replace(/api-\S+?\.elb/g, '')
