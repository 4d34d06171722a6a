import { execFileSync } from 'node:child_process'
import { repository } from './action-files.ts'

/** Version 0.1, with which releases are compared in one run. */
export const baselineCommit = 'aa6c8c1'

/** Takes paths of version 0.1 out of git into a directory, and returns it. A shallow clone does not have them. */
export function checkOutBaseline(directory: string, paths: readonly string[]): string {
  const archive = execFileSync('git', ['archive', baselineCommit, ...paths], {
    cwd: repository,
    maxBuffer: 256 << 20,
  })
  execFileSync('tar', ['-x', '-C', directory], { input: archive })
  return directory
}
