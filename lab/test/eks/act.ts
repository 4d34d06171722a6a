import { fileURLToPath } from 'node:url'
import { type ActionRun, runAction, type Universe } from '@meridian/lab'

const entry = process.env.MERIDIAN_TEST_ENTRY
const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Runs an action for a universe's domain, from the root of this repository. */
export function act(
  { domain, env }: Pick<Universe, 'domain' | 'env'>,
  action: string,
  inputs: Record<string, string>,
): Promise<ActionRun> {
  return runAction({
    dir: `${root}/actions/${action}`,
    inputs: { domain, ...inputs },
    env,
    workspace: root,
    ...(entry && { entry }),
  })
}

/** What a run has to complain of; all that it printed where it failed. */
export const complaints = ({ exitCode, annotations, stdout }: ActionRun): string[] =>
  exitCode === 0 ? annotations.map(({ message }) => message) : [stdout]
