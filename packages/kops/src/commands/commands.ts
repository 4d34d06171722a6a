import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Job, retry, UserError } from '@meridian/runner'
import { ToolFailure } from '@meridian/tools'
import type { Resize } from '../state/compare-cluster.ts'
import { parseSavedCluster, type SavedCluster } from '../state/saved-cluster.ts'
import {
  apiAccessArguments,
  type ClusterSpec,
  createArguments,
  dryRunArguments,
  getArguments,
  type KopsCluster,
  type MachineEdit,
  machineArguments,
  previewArguments,
  reconcileArguments,
  replaceArguments,
  resizeArguments,
  rollsArguments,
  updateArguments,
  validateArguments,
  versionArguments,
} from './arguments.ts'
import type { Kops } from './connect.ts'
import { explainKops, fatalFailure, kopsFailure } from './failures.ts'
import { type Pending, parsePreview } from './parse-preview.ts'
import { type DueGroup, parseRolls } from './parse-rolling-update.ts'
import { parseValidation, type Validation } from './parse-validation.ts'
import { makeSpot } from './spot.ts'

type CommandJob = Pick<Job, 'signal' | 'deadline' | 'log'>

const attempts = 4

/** Saves the spec of a new cluster and builds it; kops' output goes to the log. It does not wait for the nodes. */
export async function createCluster(
  kops: Kops,
  spec: ClusterSpec,
  lifetime: number,
  job: CommandJob,
): Promise<void> {
  try {
    await build(kops, spec, createArguments(spec), job)
  } catch (error) {
    const failure = kopsFailure(error)
    // The spec is saved before anything is built: from there on, `update` goes on where `create` stopped. One that is
    // there already is somebody else's, made since it was looked for.
    if (!failure?.retryable) throw explainKops(error)
    await updateCluster(kops, spec, lifetime, job)
  }
}

/** Builds what is missing of a saved cluster. Safe to repeat. `lifetime` in milliseconds. */
export async function updateCluster(
  kops: Kops,
  cluster: KopsCluster,
  lifetime: number,
  job: CommandJob,
): Promise<void> {
  await retry(job, {
    what: `kops update cluster ${cluster.fullName}`,
    attempt: () => build(kops, cluster, updateArguments(cluster, lifetime), job),
    retryable: error => kopsFailure(error)?.retryable === true,
    most: attempts,
  }).catch(error => Promise.reject(explainKops(error)))
}

/**
 * Runs kops with its output in the log. kops repeats a task for ten minutes whatever its error is: what it says of
 * a failed task is read, and an error that will not pass ends it.
 */
async function build(kops: Kops, cluster: KopsCluster, args: string[], job: CommandJob): Promise<void> {
  const fatal = new AbortController()
  const onLine = (line: string) => {
    job.log.info(line)
    const [, task, reason] = /error running task "([^"]+)" \(.*?\): (.*)$/.exec(line) ?? []
    if (task !== undefined && reason !== undefined) {
      const failure = fatalFailure(reason, `kops cannot make ${task} of ${cluster.fullName}`)
      if (failure !== undefined) fatal.abort(failure)
    }
  }
  await kops.run(cluster.fullName, args, { onLine, signal: AbortSignal.any([job.signal, fatal.signal]) })
}

/** What is saved of a cluster whose config and instance groups are there. */
export async function readSavedCluster(kops: Kops, cluster: KopsCluster): Promise<SavedCluster> {
  try {
    const read = async (what: 'cluster' | 'instancegroups') =>
      (await kops.run(cluster.fullName, getArguments(cluster, what))).stdout
    return parseSavedCluster(await read('cluster'), await read('instancegroups'))
  } catch (error) {
    throw explainKops(error)
  }
}

/** What is to be saved of a cluster that is there. */
export type Edits = {
  readonly resizes: readonly Resize[]
  /** CIDRs. */
  readonly apiAccess: readonly string[] | undefined
  readonly version?: string | undefined
  readonly machines?: readonly MachineEdit[]
}

/** Saves what is to be otherwise; `updateCluster` then applies it, or `reconcileCluster` where machines are replaced for it. */
export async function editCluster(kops: Kops, cluster: KopsCluster, change: Edits): Promise<void> {
  const edits = change.resizes.map(({ group, size }) => resizeArguments(cluster, group, size))
  if (change.apiAccess !== undefined) edits.push(apiAccessArguments(cluster, change.apiAccess))
  for (const each of change.machines ?? []) edits.push(machineArguments(cluster, each))
  if (change.version !== undefined) edits.push(versionArguments(cluster, change.version))
  try {
    for (const edit of edits) await kops.run(cluster.fullName, edit)
  } catch (error) {
    throw explainKops(error)
  }
}

/**
 * Builds what is missing of a saved cluster, and replaces every machine that is not as it is saved: drained, and one after
 * the other. Takes minutes for each. Safe to repeat: what is replaced already is left alone.
 */
export async function reconcileCluster(kops: Kops, cluster: KopsCluster, job: CommandJob): Promise<void> {
  await retry(job, {
    what: `kops reconcile cluster ${cluster.fullName}`,
    attempt: () => build(kops, cluster, reconcileArguments(cluster), job),
    retryable: error => kopsFailure(error)?.retryable === true,
    most: attempts,
  }).catch(error => Promise.reject(explainKops(error)))
}

/** The machines that `reconcileCluster` would replace, as AWS has them now. */
export async function readRolls(kops: Kops, cluster: KopsCluster): Promise<DueGroup[]> {
  try {
    const { stdout } = await kops.run(cluster.fullName, rollsArguments(cluster))
    const due = parseRolls(stdout)
    if (due === undefined) throw new Error(`kops answered with no table of instance groups: ${stdout}`)
    return due
  } catch (error) {
    throw explainKops(error)
  }
}

const previewMilliseconds = 5 * 60_000

/** What `updateCluster` would do by kops' own preview, and does not do yet. Bounded, since kops may take its time over it. */
export async function previewUpdate(
  kops: Kops,
  cluster: KopsCluster,
  job: Pick<Job, 'signal'>,
): Promise<Pending> {
  const late = new UserError(`kops did not end its preview of ${cluster.fullName} within five minutes`, {
    fix: 'Nothing has been changed. Look at `kops update cluster` yourself, apply it with `--yes` if it is right, and run again.',
  })
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(late), previewMilliseconds)
  try {
    const signal = AbortSignal.any([job.signal, limit.signal])
    const { stdout } = await kops.run(cluster.fullName, previewArguments(cluster), { signal })
    const pending = parsePreview(stdout)
    if (pending === undefined)
      throw new Error(`kops answered with no preview of ${cluster.fullName}: ${stdout}`)
    return pending
  } catch (error) {
    throw explainKops(error)
  } finally {
    clearTimeout(timer)
  }
}

/** Saves a spec over whatever is saved of a cluster of which nothing has been built; `updateCluster` then builds it. */
export async function replaceCluster(
  kops: Kops,
  spec: ClusterSpec,
  yaml: string,
  job: Pick<Job, 'scratch'>,
): Promise<void> {
  const file = join(await job.scratch(), `${spec.fullName}.yaml`)
  try {
    await writeFile(file, yaml, { mode: 0o600 })
    await kops.run(spec.fullName, replaceArguments(spec, file))
  } catch (error) {
    throw explainKops(error)
  } finally {
    await rm(file, { force: true })
  }
}

/** The YAML of what `createCluster` would save; nothing is written, in AWS or in a bucket. */
export async function printCluster(
  kops: Kops,
  spec: ClusterSpec,
  job: Pick<Job, 'scratch'>,
): Promise<string> {
  // A state store on disk serves a dry run, and the real one need not exist for it.
  const directory = join(await job.scratch(), 'dry-run')
  try {
    const { stdout } = await kops.run(
      spec.fullName,
      dryRunArguments({ ...spec, stateStore: `file://${directory}` }),
    )
    const yaml = stdout.replaceAll(directory, spec.stateStore)
    return spec.nodes.spot ? makeSpot(yaml, spec.nodes.size) : yaml
  } catch (error) {
    throw explainKops(error)
  }
}

/** One look at a cluster's health; `expected` machines are to join. A failure that will not pass is thrown. */
export async function validateCluster(
  kops: Kops,
  cluster: KopsCluster,
  expected: number,
): Promise<Validation> {
  try {
    const result = await kops.run(cluster.fullName, validateArguments(cluster), { accept: [1, 2] })
    const validation = parseValidation(result, expected)
    if (validation !== undefined) return validation
    throw failureOf(result)
  } catch (error) {
    if (kopsFailure(error)?.retryable)
      return { ready: false, nodes: [], missing: (error as ToolFailure).headline }
    throw explainKops(error)
  }
}

function failureOf(result: {
  stdout: string
  stderr: string
  exitCode: number
  seconds: number
}): ToolFailure {
  const headline =
    result.stderr
      .split('\n')
      .findLast(text => text.startsWith('Error: '))
      ?.slice(7) ?? 'it said nothing'
  return new ToolFailure({
    tool: 'kops',
    command: 'kops validate cluster',
    signal: undefined,
    timedOut: false,
    cancelled: false,
    headline,
    ...result,
  })
}
