import type { JobRun, StepRun } from '@meridian/lab-runner'
import { expect, test } from 'vitest'
import { failuresOf } from '../failures.ts'

const step: StepRun = {
  name: 'Run it',
  outcome: 'failure',
  conclusion: 'failure',
  startedAt: 0,
  seconds: 1,
  outputs: {},
  annotations: [],
  summary: '',
  log: [],
}
const job: JobRun = {
  id: 'a',
  name: 'a',
  needs: [],
  result: 'failure',
  startedAt: 0,
  seconds: 1,
  outputs: {},
  steps: [step],
}
const of = (change: Partial<JobRun>) =>
  failuresOf([
    {
      name: 'Up',
      result: 'failure',
      startedAt: 0,
      seconds: 1,
      jobs: [{ ...job, ...change }],
      jobOutputs: {},
      outputs: {},
    },
  ])
const error = (message: string) => ({ level: 'error' as const, message })

test.each<[string, Partial<JobRun>, { step: string; message: string; fix: string }[]]>([
  [
    'an error of an action, with what to do in the lines after its first',
    { steps: [{ ...step, annotations: [error('No room\nMake some.\nOr wait.')] }] },
    [{ step: 'Run it', message: 'No room', fix: 'Make some. Or wait.' }],
  ],
  [
    'the last line of a step that told none',
    { steps: [{ ...step, log: ['one', 'two', '::endgroup::'] }] },
    [{ step: 'Run it', message: 'It failed; its last line: two', fix: '' }],
  ],
  ['a silent step', {}, [{ step: 'Run it', message: 'It failed.', fix: '' }]],
  [
    'a step that was cut short',
    { result: 'cancelled', steps: [{ ...step, conclusion: 'cancelled', log: ['waiting'] }] },
    [{ step: 'Run it', message: 'It was cancelled; its last line: waiting', fix: '' }],
  ],
  [
    'a job that was cancelled before it began',
    { result: 'cancelled', steps: [] },
    [{ step: '', message: 'It was cancelled before it began.', fix: '' }],
  ],
  [
    'nothing of a step whose failure counts as a success',
    { result: 'success', steps: [{ ...step, conclusion: 'success' }] },
    [],
  ],
  ['nothing of a job that was skipped', { result: 'skipped', steps: [] }, []],
])('tells %s', (_, change, expected) => {
  expect(of(change)).toEqual(expected.map(failure => ({ workflow: 'Up', job: 'a', ...failure })))
})
