import { fileURLToPath } from 'node:url'
import { inputVariables, readActionFile } from '@meridian/lab-runner/action-file'
import { expect, test } from 'vitest'
import { readInputs as report } from '../../../actions/report-environment/src/inputs.ts'
import { beside } from './given-beside.ts'
import { right as ofFive, readers as readersOfFive } from './step.ts'
import { wrongValues } from './wrong-values.ts'

const right = {
  ...ofFive,
  'report-environment': { domain: 'k8s.example.com', state: 'ready', 'github-token': 'a-token' },
}
const readers = { ...readersOfFive, 'report-environment': report }
const actions = Object.keys(readers) as (keyof typeof readers)[]
const fileOf = (action: string) =>
  readActionFile(fileURLToPath(new URL(`../../../actions/${action}`, import.meta.url)))

/** What is said of inputs; '' where nothing is wrong with them. */
async function read(action: keyof typeof readers, inputs: Readonly<Record<string, string>>): Promise<string> {
  try {
    readers[action](inputVariables(await fileOf(action), inputs).env)
    return ''
  } catch (error) {
    if (!(error instanceof Error && 'fix' in error)) throw error
    return error.message
  }
}

test.each(actions)('every input of %s has at least three values that are wrong', async action => {
  const { inputs } = await fileOf(action)
  const few = Object.keys(inputs).filter(input => (wrongValues[action]?.[input] ?? []).length < 3)
  expect(few).toEqual([])
  expect(Object.keys(wrongValues[action] ?? {}).filter(input => !(input in inputs))).toEqual([])
})

test.each(actions)('what inputs of %s are given beside is right in itself', async action => {
  for (const given of [{}, ...Object.values(beside[action] ?? {})])
    expect([given, await read(action, { ...right[action], ...given })]).toEqual([given, ''])
})

const rows = actions.flatMap(action =>
  Object.entries(wrongValues[action] ?? {}).flatMap(([input, values]) =>
    values.map(value => [action, input, value] as const),
  ),
)

test.each(rows)('%s refuses %s: %j, and names it', async (action, input, value) => {
  const said = await read(action, { ...right[action], ...beside[action]?.[input], [input]: value })
  expect(said).toMatch(new RegExp(`^(input |[^]*\\n- )${input}: `))
})
