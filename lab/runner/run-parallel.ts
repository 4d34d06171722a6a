import type { JobState } from './job-state.ts'
import { performStep, type StepPlan } from './perform-step.ts'

/**
 * Runs steps side by side. What each leaves (outputs, environment, path) is seen by none of the others and counts when all have
 * ended, in the order of the file (actions/runner, BackgroundStepCoordinator.cs).
 */
export async function performParallel(
  state: JobState,
  plans: readonly ((fork: JobState) => StepPlan)[],
  signal: AbortSignal,
): Promise<void> {
  const forks = plans.map(() => forkOf(state))
  await Promise.all(plans.map((plan, at) => performFork(forks[at], plan, signal)))
  const before = { ...state.env }
  for (const fork of forks) join(state, fork, before)
}

async function performFork(
  fork: JobState | undefined,
  plan: (fork: JobState) => StepPlan,
  signal: AbortSignal,
): Promise<void> {
  if (fork) await performStep(fork, plan(fork), signal)
}

function forkOf(state: JobState): JobState {
  const { env, path, stepContexts } = state
  return { ...state, env: { ...env }, path: [...path], steps: [], stepContexts: { ...stepContexts } }
}

function join(state: JobState, fork: JobState, before: Record<string, string>): void {
  state.steps.push(...fork.steps)
  Object.assign(state.stepContexts, fork.stepContexts)
  const changed = Object.entries(fork.env).filter(([name, value]) => before[name] !== value)
  Object.assign(state.env, Object.fromEntries(changed))
  state.path.unshift(...fork.path.filter(entry => !state.path.includes(entry)))
  if (state.status === 'success' || fork.status === 'cancelled') state.status = fork.status
}
