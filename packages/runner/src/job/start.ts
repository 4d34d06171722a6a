import * as core from '@actions/core'
import { CancelledError, depthOf, messageOf, TimeoutError, UserError } from '../errors.ts'
import { fillDefaults, readDefaults } from '../inputs/default-inputs.ts'
import { formatDuration } from '../inputs/duration.ts'
import type { Environment } from '../inputs/inputs.ts'
import { log } from '../log/log.ts'
import { traceAll } from '../log/trace.ts'
import { proxySecrets } from '../network/proxies.ts'
import { firstSent } from '../network/send-request.ts'
import { explainSystemError } from '../system-errors.ts'
import { createJob, type Job, type Leavings, readRun } from './job.ts'
import { checkMachine, homeOf } from './machine.ts'
import { saveState } from './runner-files.ts'
import { saveMemory } from './save-memory.ts'
import { removeScratch, scratchStates } from './scratch.ts'

const startedState = 'meridian-started'
/** GitHub follows SIGINT with SIGTERM after 7.5 s and SIGKILL after 2.5 s more: be gone before the first. */
const cancelMilliseconds = 6_500
const mostGraceMilliseconds = 30_000

/**
 * The whole life of an action: inputs, run, outputs, one catch. Sets the exit code and ends the process, since
 * kept-alive sockets would hold it. In the post phase (told by the saved state) it only removes scratch files.
 */
export async function start<Inputs extends { readonly timeout?: number | undefined }>(
  action: { name: string; version: string },
  readInputs: (env: Environment) => Inputs,
  run: (inputs: Inputs, job: Job) => Promise<void>,
): Promise<void> {
  process.exitCode = core.getState(startedState) ? await runPost() : await runMain(action, readInputs, run)
  // What is still on its way to the log would be lost.
  await new Promise<void>(resolve => process.stdout.write('', () => resolve()))
  process.exit()
}

async function runMain<Inputs extends { readonly timeout?: number | undefined }>(
  action: { name: string; version: string },
  readInputs: (env: Environment) => Inputs,
  run: (inputs: Inputs, job: Job) => Promise<void>,
): Promise<number> {
  const leavings: Leavings = { things: [], advice: [] }
  const cancel = new AbortController()
  const crashed = catchStrays()
  listenForSignals(cancel)
  firstSent.then(saveMemory)
  let flush = async () => {}
  try {
    checkMachine(process.platform, process.arch)
    process.env.HOME = homeOf(process.env, readRun(process.env).temp)
    if (process.env.RUNNER_DEBUG === '1') traceAll()
    saveState(startedState, 'true')
    for (const secret of proxySecrets(process.env)) core.setSecret(secret)
    const inputs = readInputs(fillDefaults(process.env, readDefaults(process.argv[1])))
    const created = createJob(action, process.env, limitTime(inputs.timeout, cancel))
    flush = created.flush
    Object.assign(leavings, created.leavings)
    await Promise.race([run(inputs, created.job), aborted(cancel.signal), crashed])
    return 0
  } catch (error) {
    reportFailure(cancel.signal.aborted ? cancel.signal.reason : error, leavings)
    return 1
  } finally {
    await flush()
  }
}

/** Rejects with a promise rejection or exception that nobody caught: it must fail the step like any other. */
function catchStrays(): Promise<never> {
  return new Promise((_, reject) => {
    process.on('uncaughtException', reject)
    process.on('unhandledRejection', reject)
  })
}

function listenForSignals(cancel: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (cancel.signal.aborted) return
      log.info(`${signal} received: stopping.`)
      cancel.abort(new CancelledError(signal))
    })
  }
}

/** Rejects some time after the signal, so that `run` may first end its children and say what it knows. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => setTimeout(() => reject(signal.reason), cancelMilliseconds), {
      once: true,
    })
  })
}

function limitTime(
  timeout: number | undefined,
  cancel: AbortController,
): { signal: AbortSignal; deadline: number } {
  if (timeout === undefined) return { signal: cancel.signal, deadline: Number.POSITIVE_INFINITY }
  const error = new TimeoutError(`the action's timeout of ${formatDuration(timeout)} has passed`, {
    fix: 'Run it again: it goes on where it stopped. If it was making progress, raise the input timeout.',
  })
  // Waits end by themselves at the deadline and know better what was missing, which takes them some requests to say;
  // this ends whatever does not.
  setTimeout(() => cancel.abort(error), timeout + Math.min(timeout, mostGraceMilliseconds)).unref()
  return { signal: cancel.signal, deadline: Date.now() + timeout }
}

function reportFailure(error: unknown, leavings: Leavings): void {
  core.setFailed(headline(error))
  if (leavings.things.length > 0) log.info(`What exists now: ${leavings.things.join(', ')}.`)
  const told = error instanceof UserError
  for (const { text, unlessTold } of leavings.advice) if (!(told && unlessTold)) log.info(text)
  if (error instanceof CancelledError) return
  if (error instanceof UserError && error.cause === undefined) return
  core.startGroup('Details')
  log.info(depthOf(error))
  core.endGroup()
}

function headline(error: unknown): string {
  if (error instanceof UserError) return `${error.message}\n${error.fix}`
  if (error instanceof CancelledError) return `The run was ${error.message}.`
  const known = explainSystemError(error)
  if (known) return `${known.what}\n${known.fix}`
  return `${messageOf(error)}\nThis is not expected. Please report it with the details below.`
}

async function runPost(): Promise<number> {
  const { temp } = readRun(process.env)
  for (const state of scratchStates) await removeScratch(core.getState(state), temp)
  return 0
}
