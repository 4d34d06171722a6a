import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readActionFile } from '../action-file.ts'
import { readWorkflow } from '../workflow-file.ts'
import { checkInputs } from '../workflow-inputs.ts'

const root = join(import.meta.dirname, '../../..')
const file = (name: string): string => join(root, `.github/workflows/${name}.yml`)

describe.each(['up', 'down'])('%s.yml', name => {
  test('offers the same inputs to people and to other workflows', async () => {
    const workflow = await readWorkflow(file(name))
    expect(workflow.call?.inputs).toEqual(workflow.dispatch)
  })

  test('needs nothing but a domain', async () => {
    const { dispatch = {} } = await readWorkflow(file(name))
    const inputs = checkInputs(dispatch, { domain: 'k8s.example.com' })
    expect(JSON.parse(String(inputs.clusters)).map((cluster: { name: string }) => cluster.name)).toEqual([
      'usa',
      'eur',
      'jpn',
    ])
  })

  test('gives every action only inputs that its action.yml has, and reads only outputs that it has', async () => {
    const workflow = await readWorkflow(file(name))
    for (const job of workflow.jobs) {
      for (const step of job.kind === 'steps' ? job.steps : []) {
        if (step.kind !== 'action') continue
        const action = await readActionFile(join(root, step.uses))
        expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})))
        const read = Object.values(job.outputs).map(value => /outputs\.([\w-]+)/.exec(String(value))?.[1])
        expect(action.outputs).toEqual(expect.arrayContaining(read))
      }
    }
  })

  test('hands each of its inputs on', async () => {
    const { dispatch = {}, jobs } = await readWorkflow(file(name))
    const used = JSON.stringify(jobs)
    expect(Object.keys(dispatch).filter(input => !used.includes(`inputs.${input}`))).toEqual([])
  })

  test('grants nothing at the top and says why for each grant below', () => {
    const text = readFileSync(file(name), 'utf8')
    expect(text).toContain('\npermissions: {}\n')
    const grants = text.split('\n').filter(line => /^ {6}[a-z-]+: (read|write)/.test(line))
    expect(grants.length).toBeGreaterThan(0)
    expect(grants.filter(line => !line.includes('# why: '))).toEqual([])
  })

  test('pins what is not ours to a commit, with its version', () => {
    const uses = readFileSync(file(name), 'utf8').match(/uses: (?!\.\/).*/g) ?? []
    expect(uses.filter(line => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
  })
})

test('down is told where things are, and whose, as up was', async () => {
  const [up, down] = await Promise.all(['up', 'down'].map(name => readWorkflow(file(name))))
  const places = ['clusters', 'domain', 'environment', 'repository', 'state-store']
  expect([up, down].map(workflow => places.filter(name => !(name in (workflow?.dispatch ?? {}))))).toEqual([
    [],
    [],
  ])
})

test('up and down of one environment wait for each other', () => {
  const group = (name: string): string | undefined =>
    /\n {2}group: (.*)/.exec(readFileSync(file(name), 'utf8'))?.[1]
  expect(group('up')).toBeDefined()
  expect(group('up')).toBe(group('down'))
})
