import { tmpdir } from 'node:os'
import * as core from '@actions/core'
import type { Environment } from '../inputs/inputs.ts'
import { type Log, log } from '../log/log.ts'
import { cutSummary } from './fit-summary.ts'
import { exportVariable, setOutput } from './runner-files.ts'
import { makeScratch, makeSharedScratch } from './scratch.ts'

/** What an action is run with: its border to GitHub, its time, and its way to say what it leaves behind. */
export type Job = {
  /** The action's name, as in `latency-dns`. */
  readonly action: string
  readonly version: string
  /** Sent with every HTTP request, as in `meridian-latency-dns/0.1.0`. */
  readonly userAgent: string
  /** Aborted on SIGINT, on SIGTERM and when the deadline passes. */
  readonly signal: AbortSignal
  /** Milliseconds since the epoch. */
  readonly deadline: number
  readonly log: Log
  readonly env: Environment
  readonly run: Run
  /** Sets an output as soon as it is known; objects become JSON. */
  output(name: string, value: string | number | boolean | object): void
  /** Adds Markdown to the job summary. */
  summary(markdown: string): void
  /** Hides a secret value (never a whole file: GitHub then drops outputs that share a line with it). */
  mask(secret: string): void
  exportVariable(name: string, value: string): void
  /** A private directory of this job, removed when the job ends. */
  scratch(): Promise<string>
  /** A private directory of all steps of the job, removed when it ends. */
  sharedScratch(): Promise<string>
  /** Notes a thing that now exists, to be named if the run is cut short. */
  exists(thing: string): void
  /**
   * The remedy to print with it, as in "run teardown with clusters: …". What is to be done `unless-told` is printed only
   * where the failure itself does not say what to do.
   */
  advice(text: string, when?: 'unless-told'): void
}

/** The GitHub run that this is part of. */
export type Run = {
  url: string
  /** `owner/name` */
  repository: string
  /** Stays when the repository is renamed or transferred. */
  repositoryId: string
  sha: string
  workspace: string
  temp: string
}

/** What a job has noted for the case that it is cut short. */
export type Leavings = { things: string[]; advice: { text: string; unlessTold: boolean }[] }

/**
 * Makes the job of an action: `leavings` fills up with what it says it leaves behind, and `flush` writes its
 * summary.
 */
export function createJob(
  action: { name: string; version: string },
  env: Environment,
  time: { signal: AbortSignal; deadline: number },
): { job: Job; leavings: Leavings; flush(): Promise<void> } {
  const leavings: Leavings = { things: [], advice: [] }
  const name = action.name.replace(/^@[^/]*\//, '')
  const run = readRun(env)
  let scratch: Promise<string> | undefined
  const job: Job = {
    action: name,
    version: action.version,
    userAgent: `meridian-${name}/${action.version}`,
    ...time,
    log,
    env,
    run,
    output: setOutput,
    summary: markdown => void core.summary.addRaw(markdown, true),
    mask: secret => core.setSecret(secret),
    exportVariable,
    scratch: () => {
      scratch ??= makeScratch(run.temp)
      return scratch
    },
    sharedScratch: () => makeSharedScratch(run.temp),
    exists: thing => void leavings.things.push(thing),
    advice: (text, when) => void leavings.advice.push({ text, unlessTold: when === 'unless-told' }),
  }
  return { job, leavings, flush: () => writeSummary(env) }
}

/** Reads what GitHub says of the run; every value has a use outside GitHub too. */
export function readRun(env: Environment): Run {
  const server = env.GITHUB_SERVER_URL ?? 'https://github.com'
  const repository = env.GITHUB_REPOSITORY ?? ''
  return {
    url: env.GITHUB_RUN_ID ? `${server}/${repository}/actions/runs/${env.GITHUB_RUN_ID}` : '',
    repository,
    repositoryId: env.GITHUB_REPOSITORY_ID ?? '',
    sha: env.GITHUB_SHA ?? '',
    workspace: env.GITHUB_WORKSPACE ?? process.cwd(),
    temp: env.RUNNER_TEMP ?? tmpdir(),
  }
}

async function writeSummary(env: Environment): Promise<void> {
  if (!env.GITHUB_STEP_SUMMARY || core.summary.isEmptyBuffer()) return
  const whole = core.summary.stringify()
  const cut = cutSummary(whole)
  if (cut !== undefined) {
    core.summary.emptyBuffer().addRaw(cut)
    await log.group('The whole job summary', async () => log.info(whole))
  }
  // A summary is a courtesy: a full disk must not turn a good run red.
  await core.summary
    .write()
    .catch((error: Error) => log.warning(`The job summary could not be written: ${error.message}`))
}
