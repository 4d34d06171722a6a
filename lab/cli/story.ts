import { join } from 'node:path'
import {
  checkInputs,
  type RunEvent,
  readWorkflow,
  runWorkflow,
  type WorkflowRequest,
  type WorkflowRun,
} from '@meridian/lab-runner'
import { labBoundary, labDomain, type Universe } from '@meridian/lab-universe'
import { checkBuilt, checkJobs, checkNothingLeft, checkProxied } from './check-story.ts'
import { compileReport } from './compile-report.ts'
import type { LabReport } from './lab-report.ts'
import { listLeftOvers, type Observed, observe } from './observe.ts'
import { readOutputs } from './read-outputs.ts'

export type Phase = 'up' | 'down'

export type StoryOptions = {
  phases: readonly Phase[]
  inputs: Record<string, string>
  signal: AbortSignal
  onPhase(phase: Phase): void
  onEvent(event: RunEvent): void
}

/** The repository that the lab belongs to: its workflow files and built actions are what runs. */
export const repository = join(import.meta.dirname, '../..')

/** The job of the workflows that runs on a machine behind a proxy: it asks AWS, runs kops and karmadactl, and speaks to Kubernetes. */
const proxiedJob = 'federation'

/** Runs the phases in a universe, looks at what is there in between, and reports. A failed `up` is taken down too. */
export async function tellStory(
  universe: Universe,
  options: StoryOptions,
): Promise<{ report: LabReport; runs: WorkflowRun[] }> {
  const { seed, clock, faults, inventory, requests, delays } = universe.world
  const started = { here: Date.now(), world: clock.now(), elapsed: clock.elapsed() }
  const runs: WorkflowRun[] = []
  const problems: string[] = []
  let claims = readOutputs({})
  let observed: Observed = { clusters: [], replicas: {}, endpoints: [] }
  const { env, proxy } = await universe.addProxiedMachine({ credentials: 'runner:p4ss-of-the-runner' })
  for (const phase of options.phases) {
    if (options.signal.aborted) {
      problems.push(`interrupted before ${phase}; the world is gone, and everything in it`)
      break
    }
    const run = await runPhase(universe, phase, { ...options, machines: { [proxiedJob]: env } })
    runs.push(run)
    problems.push(...checkJobs(run))
    if (phase === 'up') {
      claims = readOutputs(run.jobOutputs)
      observed = observe(
        universe,
        claims.clusters.map(cluster => cluster.name),
      )
      if (run.result === 'success')
        problems.push(...checkBuilt(claims, observed), ...checkProxied(proxiedJob, proxy.uses()))
    }
  }
  const left = listLeftOvers(universe)
  if (runs.length === options.phases.length && options.phases.includes('down'))
    problems.push(...checkNothingLeft(left))
  const report = compileReport({
    started,
    endedAt: Date.now(),
    domain: universe.domain,
    seed,
    scale: clock.scale,
    faults: faults.names,
    runs,
    claims,
    observed,
    left,
    history: inventory.history,
    departed: inventory.departed,
    present: inventory.list(({ attributes }) => !attributes.standing),
    delays: delays.list(),
    requests: requests.summary(),
    problems,
  })
  return { report, runs }
}

/** Throws InvalidInputsError before anything is started if a workflow would refuse the inputs. */
export async function checkPhaseInputs(
  phases: readonly Phase[],
  inputs: Record<string, string>,
): Promise<void> {
  for (const phase of phases) {
    const { dispatch = {} } = await readWorkflow(workflowFile(phase))
    checkInputs(dispatch, { domain: labDomain, ...(await inputsOf(phase, inputs)) })
  }
}

/** Runs one of the repository's workflow files in a universe, with the inputs that the file knows. */
export async function runPhase(
  universe: Universe,
  phase: Phase,
  options: Pick<StoryOptions, 'inputs' | 'signal' | 'onPhase' | 'onEvent'> &
    Pick<WorkflowRequest, 'machines'>,
): Promise<WorkflowRun> {
  options.onPhase(phase)
  return runWorkflow({
    file: workflowFile(phase),
    workspace: repository,
    inputs: { domain: universe.domain, ...(await inputsOf(phase, options.inputs)) },
    vars: { MERIDIAN_BOUNDARY: labBoundary, MERIDIAN_NAME_SERVERS: universe.nameServer },
    env: universe.env,
    ...(options.machines && { machines: options.machines }),
    signal: options.signal,
    onEvent: options.onEvent,
  })
}

/** The file of a phase. */
export function workflowFile(phase: Phase): string {
  return join(repository, `.github/workflows/${phase}.yml`)
}

/** Down gets all but what only Up has; everything else is checked by the workflow itself. */
async function inputsOf(phase: Phase, inputs: Record<string, string>): Promise<Record<string, string>> {
  if (phase === 'up') return inputs
  const [up, down] = await Promise.all(
    (['up', 'down'] as const).map(each => readWorkflow(workflowFile(each))),
  )
  const isOnlyUps = (name: string) => name in (up?.dispatch ?? {}) && !(name in (down?.dispatch ?? {}))
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !isOnlyUps(name)))
}
