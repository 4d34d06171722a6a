// Builds every bundle anew and compares it with what is committed, byte by byte.
import { spawnSync } from 'node:child_process'
import { repository } from './action-files.ts'

const build = spawnSync('turbo', ['run', 'build', '--force', '--output-logs=errors-only'], {
  cwd: repository,
  stdio: 'inherit',
})
if (build.status !== 0) throw new Error('the build failed')
const changed = git('status', '--porcelain', '--', 'actions/*/dist')
if (changed !== '') {
  console.error(
    `These differ from a fresh build:\n${changed}\nRun \`npm run build\` and commit actions/*/dist.`,
  )
  process.exitCode = 1
} else if (git('ls-files', '--', 'actions/*/dist/index.js') === '') {
  console.error('No bundle is committed.')
  process.exitCode = 1
}

function git(...args: string[]): string {
  const { status, stdout } = spawnSync('git', args, { cwd: repository, encoding: 'utf8' })
  if (status !== 0) throw new Error(`git ${args.join(' ')} failed`)
  return stdout.trim()
}
