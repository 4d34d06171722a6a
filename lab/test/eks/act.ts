import { fileURLToPath } from 'node:url'
import { type ActionRun, runAction } from '@meridian/lab-runner'
import type { Universe } from '@meridian/lab-universe'

const entry = process.env.MERIDIAN_TEST_ENTRY
/** Of this repository. */
export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Runs an action for a universe's domain, from the root of this repository unless told. */
export function act(
  { domain, env }: Pick<Universe, 'domain' | 'env'>,
  action: string,
  inputs: Record<string, string>,
  workspace: string = root,
): Promise<ActionRun> {
  return runAction({
    dir: `${root}/actions/${action}`,
    inputs: { domain, ...inputs },
    env,
    workspace,
    ...(entry && { entry }),
  })
}

/** What a run has to complain of; all that it printed where it failed. */
export const complaints = ({ exitCode, annotations, stdout }: ActionRun): string[] =>
  exitCode === 0 ? annotations.map(({ message }) => message) : [stdout]
