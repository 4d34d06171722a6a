import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositorySlug } from '@meridian/lab-world'
import { describe, expect, test } from 'vitest'
import { readActionFile } from '../action-file.ts'
import { parseUses } from '../repositories.ts'
import { readWorkflow } from '../workflow-file.ts'
import { checkInputs } from '../workflow-inputs.ts'
import type { StepDefinition, Workflow } from '../workflow-model.ts'

const root = join(import.meta.dirname, '../../..')
const file = (name: string): string => join(root, `.github/workflows/${name}.yml`)
const textOf = (name: string): string => readFileSync(file(name), 'utf8')
const callable = ['up', 'down', 'reap', 'take-region-out', 'upgrade', 'pull-request']

type Use = { path: string; with: Record<string, unknown>; outputs: unknown[] }

/** The steps of a workflow that use our actions, each with what its job hands on of them. */
function usesOf({ jobs }: Workflow): Use[] {
  return jobs.flatMap(job => {
    if (job.kind !== 'steps') return []
    const steps = job.steps.filter((step): step is StepDefinition => step.kind !== 'parallel')
    return steps.flatMap(step => {
      const remote = step.kind === 'action' ? parseUses(step.uses) : undefined
      if (step.kind !== 'action' || remote?.slug !== repositorySlug()) return []
      return [
        {
          path: remote.path,
          with: step.with as Record<string, unknown>,
          outputs: Object.values(job.outputs).filter(value => String(value).includes(`steps.${step.id}.`)),
        },
      ]
    })
  })
}

describe.each(callable)('%s.yml', name => {
  test('offers people what it offers callers, and no more than GitHub lets a form have', async () => {
    const { call, dispatch = {} } = await readWorkflow(file(name))
    const names = Object.keys(dispatch)
    expect(Object.keys(call?.inputs ?? {})).toEqual(expect.arrayContaining(names))
    expect(names.length).toBeLessThanOrEqual(25)
    const differing = names.filter(
      input => JSON.stringify(dispatch[input]) !== JSON.stringify(call?.inputs[input]),
    )
    // What is there in this repository alone, what a person may not do without looking, a list to choose from, and what an
    // event says.
    const allowed = {
      up: 'record manifests',
      reap: 'dry-run',
      'take-region-out': 'what record manifests',
      upgrade: 'record manifests',
      'pull-request': 'pull-request',
    }
    expect(differing).toEqual((allowed[name as keyof typeof allowed] ?? '').split(' ').filter(Boolean))
  })

  test('gives every action only inputs that its action.yml has, and reads only outputs that it has', async () => {
    for (const use of usesOf(await readWorkflow(file(name)))) {
      const action = await readActionFile(join(root, use.path))
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(use.with)))
      const read = use.outputs.map(value => /outputs\.([\w-]+)/.exec(String(value))?.[1])
      expect(action.outputs).toEqual(expect.arrayContaining(read))
    }
  })

  test("has the action's own default for each input that is not given", async () => {
    const workflow = await readWorkflow(file(name))
    const defaults = workflow.call?.inputs ?? {}
    const others = [
      'up clusters',
      'down clusters',
      'reap timeout',
      'take-region-out clusters',
      'upgrade clusters',
      'upgrade karmada-version',
      'upgrade timeout',
      'upgrade drain-time',
      'pull-request record',
      'pull-request allowed-kinds',
    ]
    for (const use of usesOf(workflow)) {
      const action = await readActionFile(join(root, use.path))
      for (const [input, value] of Object.entries(use.with)) {
        const [, given] = /^\$\{\{ inputs\.([\w-]+) (?:\|\| '(.*)' )?\}\}/.exec(String(value)) ?? []
        if (given === undefined || defaults[given]?.required || others.includes(`${name} ${given}`)) continue
        const preset = String(defaults[given]?.default ?? '')
        expect([input, preset]).toEqual([input, action.inputs[input]?.default ?? ''])
      }
    }
  })

  test('falls back to the same default where an event has no inputs', async () => {
    const { call } = await readWorkflow(file(name))
    const fallbacks = [...textOf(name).matchAll(/\{\{ inputs\.([\w-]+) \|\| '(.*?)'/g)]
    for (const [, input = '', literal] of fallbacks) expect(call?.inputs[input]?.default).toBe(literal)
  })

  test('hands each of its inputs on', async () => {
    const { call, jobs } = await readWorkflow(file(name))
    const used = JSON.stringify(jobs)
    const unused = (input: string) => !new RegExp(`inputs\\.${input}(?![\\w-])`).test(used)
    expect(Object.keys(call?.inputs ?? {}).filter(unused)).toEqual([])
  })

  test('grants nothing at the top and says why for each grant below', () => {
    expect(textOf(name)).toContain('\npermissions: {}\n')
    const grants = textOf(name)
      .split('\n')
      .filter(line => /^ {6}[a-z-]+: (read|write)/.test(line))
    expect(grants.length).toBeGreaterThan(0)
    expect(grants.filter(line => !line.includes('# why: '))).toEqual([])
  })

  test('pins what is not ours to a commit, with its version, and names ours by main', () => {
    const uses = textOf(name).match(/uses: .*/g) ?? []
    const ours = new RegExp(`^uses: ${repositorySlug()}/actions/[a-z-]+@main$`)
    // A called workflow's `./.github/` is of the same commit.
    const beside = 'uses: ./.github/workflows/up.yml'
    const others = uses.filter(line => line !== beside && !ours.test(line))
    expect(others.filter(line => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
  })

  test('loses no run of its groups that waits', () => {
    // A reaper that another one replaces has nothing to do that this one does not.
    const groups = textOf(name)
      .split(/\n *concurrency:\n/)
      .slice(1)
    expect(groups.length).toBeGreaterThan(0)
    for (const group of groups) expect(group.includes('queue: max\n')).toBe(name !== 'reap')
  })
})

test('all needs nothing but a domain where it is not about a name', async () => {
  for (const name of ['up', 'down']) {
    const { dispatch = {} } = await readWorkflow(file(name))
    const inputs = checkInputs(dispatch, { domain: 'k8s.example.com' })
    const names = JSON.parse(String(inputs.clusters)).map((cluster: { name: string }) => cluster.name)
    expect(names).toEqual(['usa', 'eur', 'jpn'])
  }
})

test('down is told where things are, and whose, as up was', async () => {
  const [up, down] = await Promise.all(['up', 'down'].map(name => readWorkflow(file(name))))
  const places = ['clusters', 'domain', 'environment', 'repository', 'state-store', 'state-store-account']
  expect(
    [up, down].map(workflow => places.filter(name => !(name in (workflow?.call?.inputs ?? {})))),
  ).toEqual([[], []])
})

const groupsOf = (text: string): string[] =>
  [...text.matchAll(/\n *group: (.*)/g)].map(([, group = '']) => group)

test('up and down of one environment, and the app of one whose region is out, wait for each other', () => {
  const [group] = groupsOf(textOf('up'))
  expect(group).toBeDefined()
  expect(groupsOf(textOf('down'))).toEqual([group])
  expect(groupsOf(textOf('take-region-out'))).toContain(group)
})

test('no example is in a group of what it calls, which would wait for it for ever', () => {
  const ours = callable.flatMap(name => groupsOf(textOf(name)))
  const examples = readdirSync(join(root, 'examples/workflows'))
  const groups = examples.flatMap(name =>
    groupsOf(readFileSync(join(root, 'examples/workflows', name), 'utf8')),
  )
  expect(groups.length).toBeGreaterThan(0)
  expect(groups.filter(group => group.startsWith('meridian-') || ours.includes(group))).toEqual([])
})

test('the name of this repository is everywhere the one in package.json', () => {
  const pages = ['README.md', 'docs/getting-started.md', '.github/zizmor.yml', 'examples/README.md']
  const workflows = ['.github/workflows', 'examples/workflows'].flatMap(directory =>
    readdirSync(join(root, directory))
      .filter(name => name.endsWith('.yml'))
      .map(name => `${directory}/${name}`),
  )
  for (const page of [...pages, ...workflows]) {
    const named = readFileSync(join(root, page), 'utf8').match(/[\w-]+\/meridian(?=\/(actions|\.github|\*))/g)
    expect([page, new Set(named ?? [repositorySlug()])]).toEqual([page, new Set([repositorySlug()])])
  }
})
