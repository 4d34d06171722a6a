import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runWorkflow } from '@meridian/lab-runner'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../eks/act.ts'

const run = promisify(execFile)
const programs = [
  ['bash', '--version'],
  ['curl', '--version'],
  ['kubectl', 'version', '--client'],
] as const

async function firstMissing(): Promise<string | undefined> {
  for (const [program, ...words] of programs)
    if (!(await run(program, words).then(Boolean, () => false))) return program
  return undefined
}

let universe: Universe
let uploads: string

beforeAll(async () => {
  universe = await startUniverse({ scale: 1_000 })
  uploads = join(universe.directory, 'upload-artifact')
  await mkdir(uploads)
  const action = {
    name: 'Upload',
    description: 'Nobody keeps it here',
    runs: { using: 'composite', steps: [] },
  }
  await writeFile(join(uploads, 'action.yml'), JSON.stringify(action))
})
afterAll(() => universe.close())

/** On a runner without AWS, whose way to the containers is the front door. */
function runNightly() {
  const env = Object.fromEntries(Object.entries(universe.env).filter(([name]) => !/^AWS_/.test(name)))
  const way = { HTTPS_PROXY: universe.url, http_proxy: universe.url, AWS_EC2_METADATA_DISABLED: 'true' }
  return runWorkflow({
    file: join(root, '.github/workflows/nightly.yml'),
    workspace: root,
    repositories: { 'actions/upload-artifact': uploads },
    trigger: { event: 'schedule' },
    env: { ...env, ...way },
  })
}

const told = ({ jobs }: Awaited<ReturnType<typeof runNightly>>) =>
  jobs.flatMap(({ steps }) => steps.map(step => `${step.name}: ${step.conclusion}`))

test('the nightly run makes three clusters, leads an app through them, and leaves nothing', async ({
  skip,
}) => {
  const missing = await firstMissing()
  if (missing !== undefined) return skip(`skipped: ${missing} not found`)
  const nightly = await runNightly()
  const logs = nightly.jobs.flatMap(({ steps }) =>
    steps
      .filter(({ conclusion }) => conclusion === 'failure')
      .flatMap(step => [step.name, ...step.log.slice(-30)]),
  )
  expect(logs).toEqual([])
  expect(nightly.result).toBe('success')
  expect(told(nightly)).toContain('Collect what tells why: skipped')
  expect(universe.kind.names()).toEqual([])
})
