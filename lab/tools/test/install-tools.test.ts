import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleTools } from '../bundle-tools.ts'
import { openToolWorld, runChild, type ToolWorld } from '../testing/tool-world.ts'

let lab: ToolWorld

beforeAll(async () => {
  lab = await openToolWorld()
})
afterAll(() => lab.close())

test.each([
  ['kops', ['version', '--short']],
  ['kops', ['version']],
  ['karmadactl', ['version']],
] as const)('%s says to %j what its program says', async (tool, args) => {
  const { mains } = await bundleTools()
  const program = await runChild(process.execPath, [mains[tool] ?? '', ...args], lab.env)
  expect(program).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/\d+\.\d+\.\d+/), stderr: '' })
  expect(await lab.run(tool, args)).toEqual(program)
})
