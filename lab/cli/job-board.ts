import type { Result, RunEvent } from '@meridian/lab-runner'

/** What is known of one job while it runs. Times are milliseconds since the epoch. */
export type BoardJob = {
  name: string
  state: 'waiting' | 'running' | Result
  /** While it waits: the jobs it needs. While it runs: the last thing it said. */
  note: string
  startedAt: number
  seconds: number
}

/** The jobs of a running workflow: in the order in which they started, then those that wait. */
export type JobBoard = { jobs(): readonly BoardJob[]; note(event: RunEvent, at: number): void; clear(): void }

/** No jobs; each is on the board from the first event that names it, those that run first. */
export function createJobBoard(): JobBoard {
  const jobs = new Map<string, BoardJob>()
  const job = (name: string, at: number): BoardJob => {
    const known = jobs.get(name) ?? { name, state: 'running', note: '', startedAt: at, seconds: 0 }
    jobs.set(name, known)
    return known
  }
  return {
    jobs: () => [...jobs.values()].toSorted((a, b) => rank(a) - rank(b)),
    clear: () => jobs.clear(),
    note: (event, at) => update(job(event.job, at), event, at),
  }
}

function rank({ state, startedAt }: BoardJob): number {
  return state === 'waiting' ? Number.POSITIVE_INFINITY : startedAt
}

/** The text of a log line without the commands to the runner; undefined for lines that say nothing to people. */
export function readableLine(line: string): string | undefined {
  const text = line
    .replace(/^::(group|notice|warning|error)[^:]*::/, '')
    .replace(/^::(endgroup|debug|add-mask|stop-commands|[0-9a-f-]{20,})[^:]*::.*$/, '')
    .replace(/%0A/g, ' ')
    .replace(/%25/g, '%')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of tools start with the escape character
    .replace(/\u001b\[[0-9;]*m/g, '')
    .trim()
  return text === '' ? undefined : text
}

function update(job: BoardJob, event: RunEvent, at: number): void {
  if (event.type === 'job-waiting') Object.assign(job, { state: 'waiting', note: event.needs.join(', ') })
  if (event.type === 'job-started') Object.assign(job, { state: 'running', note: '', startedAt: at })
  if (event.type === 'line') job.note = readableLine(event.text) ?? job.note
  if (event.type === 'job-finished') Object.assign(job, { state: event.result, seconds: event.seconds })
}
