import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Job } from './job/job.ts'

export { summaryFaults } from './summary-faults.ts'

/** A job that keeps what it is told, for tests of code that takes one. */
export type RecordedJob = Job & {
  outputs: Record<string, unknown>
  summaries: string[]
  lines: string[]
  things: string[]
  advices: string[]
  variables: Record<string, string>
}

/** A job for tests, which records what it is told; what is given stands in place of its own. */
export function testJob(given: Partial<Job> = {}): RecordedJob {
  const recorded = {
    outputs: {} as Record<string, unknown>,
    summaries: [] as string[],
    lines: [] as string[],
    things: [] as string[],
    advices: [] as string[],
    variables: {} as Record<string, string>,
  }
  const keep = (text: string) => void recorded.lines.push(text)
  return {
    action: 'test',
    version: '0.0.0',
    userAgent: 'meridian-test/0.0.0',
    signal: new AbortController().signal,
    // No test may depend on how fast the machine is.
    deadline: Date.now() + 3_600_000,
    env: {},
    run: {
      url: 'https://github.com/o/r/actions/runs/1',
      repository: 'o/r',
      repositoryId: '1001',
      sha: 'a'.repeat(40),
      workspace: tmpdir(),
      temp: tmpdir(),
    },
    log: {
      info: keep,
      warning: keep,
      debug: () => {},
      group: (title, work) => {
        keep(title)
        return work()
      },
    },
    output: (name, value) => void Object.assign(recorded.outputs, { [name]: value }),
    summary: markdown => void recorded.summaries.push(markdown),
    mask: () => {},
    exportVariable: (name, value) => void Object.assign(recorded.variables, { [name]: value }),
    scratch: () => mkdtemp(join(tmpdir(), 'meridian-test-')),
    sharedScratch: () => mkdtemp(join(tmpdir(), 'meridian-test-')),
    exists: thing => void recorded.things.push(thing),
    advice: text => void recorded.advices.push(text),
    ...recorded,
    ...given,
  }
}
