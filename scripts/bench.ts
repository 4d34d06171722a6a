// Prints what Meridian costs: bundle sizes, start-up over bare Node, the whole story in the lab, the end of a cancelled
// action, DNS beside doing it by hand, environments of pull requests, and deploying, tearing down and reaping beside version 0.1.
import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from './action-files.ts'
import { benchCancel } from './bench-cancel.ts'
import { benchDeploy } from './bench-deploy.ts'
import { benchDns } from './bench-dns.ts'
import { benchEnvironments } from './bench-environments.ts'
import { benchReap } from './bench-reap.ts'
import { benchTeardown } from './bench-teardown.ts'
import { measureBundles } from './bundle-budgets.ts'

const starts = 9

const bare = medianStart(['--eval', '0'])
console.log(
  `${'bundle'.padEnd(24)}${'size'.padStart(12)}${'budget'.padStart(12)}${'start over bare Node'.padStart(24)}`,
)
for (const { action, bytes, budget } of measureBundles()) {
  // Without inputs an action loads everything it has and refuses: that is its start.
  const over = medianStart([join(repository, 'actions', action, 'dist/index.js')]) - bare
  console.log(
    `${action.padEnd(24)}${megabytes(bytes).padStart(12)}${megabytes(budget).padStart(12)}${`+${over.toFixed(0)} ms`.padStart(24)}`,
  )
}
console.log(`bare Node starts in ${bare.toFixed(0)} ms (median of ${starts})`)

const lab = spawnSync(process.execPath, ['lab/cli/main.ts', '--json'], {
  cwd: repository,
  encoding: 'utf8',
  maxBuffer: 64 << 20,
})
const report = JSON.parse(lab.stdout)
console.log(`the whole story in the lab: ${report.seconds.toFixed(1)} s, ok: ${report.ok} (budget 30 s)`)
for (const job of report.jobs) console.log(`  ${job.name.padEnd(40)}${job.seconds.toFixed(1).padStart(8)} s`)

await benchCancel()
await benchDns()
await benchEnvironments()
// A checkout of version 0.1, where git does not have it.
await benchDeploy(process.argv[2])
await benchTeardown(process.argv[2])
await benchReap(process.argv[2])

function medianStart(args: string[]): number {
  const temp = mkdtempSync(join(tmpdir(), 'meridian-bench-'))
  const times = Array.from({ length: starts }, () => {
    const started = process.hrtime.bigint()
    spawnSync(process.execPath, args, { env: { PATH: process.env.PATH, RUNNER_TEMP: temp }, stdio: 'ignore' })
    return Number(process.hrtime.bigint() - started) / 1e6
  })
  return times.sort((a, b) => a - b)[Math.floor(starts / 2)] ?? 0
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`
}
