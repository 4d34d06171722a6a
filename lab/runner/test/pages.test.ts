import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositorySlug } from '@meridian/lab-world'
import { describe, expect, test } from 'vitest'
import { readActionFile } from '../action-file.ts'
import { checkCalls } from '../check-calls.ts'
import { locate, locateWorkflow, parseUses } from '../repositories.ts'
import { parseWorkflowText, readWorkflow } from '../workflow-file.ts'
import { checkInputs } from '../workflow-inputs.ts'
import type { Workflow } from '../workflow-model.ts'

const root = join(import.meta.dirname, '../../..')
const repositories = { [repositorySlug()]: root }
const source = { slug: 'acme/shop', ref: 'refs/heads/main', directory: '/nowhere' }

const blocks = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text = '']) => text,
)
const examples = readdirSync(join(root, 'examples/workflows'))
const pages: [string, string][] = [
  ...blocks.map((text, at): [string, string] => [`block ${at + 1} of README.md`, text]),
  ...examples.map((name): [string, string] => [
    `examples/workflows/${name}`,
    readFileSync(join(root, 'examples/workflows', name), 'utf8'),
  ]),
]

/** Names of inputs that what a workflow uses of ours does not have, or needs and is not given. */
async function wrongInputs({ jobs }: Workflow): Promise<string[]> {
  const wrong: string[] = []
  for (const job of jobs) {
    if (job.kind === 'call') {
      const { call } = await readWorkflow(locateWorkflow(job.uses, source, repositories).file)
      checkInputs(call?.inputs ?? {}, plain(job.with))
      continue
    }
    for (const step of job.steps) {
      if (step.kind !== 'action') continue
      const use = parseUses(step.uses)
      if (use === undefined) throw new Error(`${step.uses} is not there in another repository`)
      const { inputs } = await readActionFile(join(locate(use, repositories).directory, use.path))
      const given = Object.keys(step.with ?? {})
      const missing = Object.entries(inputs).filter(
        ([name, input]) => input.required && !given.includes(name),
      )
      wrong.push(...given.filter(name => !(name in inputs)), ...missing.map(([name]) => name))
    }
  }
  return wrong
}

/** What is given by an expression counts as text, unless it can only be a flag. */
const plain = (given: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given ?? {}).map(([name, value]) => [
      name,
      String(value).includes('${{') && name === 'dry-run' ? 'true' : String(value),
    ]),
  )

describe.each(pages)('%s', (name, text) => {
  test('works as it stands in any repository', async () => {
    const workflow = await parseWorkflowText(name, text)
    await checkCalls(workflow, { source }, repositories)
    expect(await wrongInputs(workflow)).toEqual([])
  })
})

test('the ways of the first page are short', () => {
  expect(blocks.length).toBeGreaterThan(1)
  expect(blocks.filter(text => text.trimEnd().split('\n').length > 20)).toEqual([])
})
