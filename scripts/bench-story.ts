import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { criticalPath } from '@meridian/lab-cli'
import { repository } from './action-files.ts'
import { readProcess } from './read-process.ts'
import { verdict } from './verdict.ts'

/** How often peaks are looked at; what a process grows in its last moments is not seen. */
const everyMilliseconds = 10
const most = (action: string) => (action === 'latency-dns' ? 1.45 : 1.75)

/** Prints how long the whole story takes in the lab, and the peak memory of its actions over that of bare Node (Linux). */
export async function benchStory(): Promise<void> {
  const peaks = new Map<string, number>()
  const lab = start(['lab/cli/main.ts', '--json'])
  const looking = setInterval(() => lookAtPeaks(peaks, lab.pid), everyMilliseconds)
  const report = JSON.parse(await text(lab.stdout))
  clearInterval(looking)
  console.log(`the whole story in the lab: ${report.seconds.toFixed(1)} s, ok: ${report.ok} (budget 30 s)`)
  for (const job of report.jobs)
    console.log(`  ${job.name.padEnd(40)}${job.seconds.toFixed(1).padStart(8)} s`)
  await benchUp()
  const bare = Number(
    await run([
      '--eval',
      `process.stdout.write(/VmHWM:\\s+(\\d+)/.exec(require('fs').readFileSync('/proc/self/status', 'utf8'))[1])`,
    ]),
  )
  console.log(`peak memory over that of bare Node (${(bare / 1024).toFixed(0)} MB)`)
  for (const [action, peak] of peaks)
    verdict(`${action}, ${(peak / 1024).toFixed(0)} MB`, peak / bare, most(action))
}

/** Prints how much longer Up takes than what nobody can take away: its waits for the world, one after the other. */
async function benchUp(): Promise<void> {
  const up = criticalPath('Up', JSON.parse(await run(['lab/cli/main.ts', 'up', '--scale', '10', '--json'])))
  if (up === undefined) throw new Error('no job of Up has run')
  verdict(
    'up at ten times the speed, against the critical path of its own waits',
    up.seconds / up.waited,
    1.05,
  )
}

const start = (args: readonly string[]) =>
  spawn(process.execPath, args, { cwd: repository, stdio: ['ignore', 'pipe', 'ignore'] })

const run = (args: readonly string[]): Promise<string> => text(start(args).stdout)

/** The kernel's own peak (VmHWM, KiB) of each action that a process runs now. */
function lookAtPeaks(peaks: Map<string, number>, runner: number | undefined): void {
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    const action = /actions\/([a-z-]+)\/dist\/index\.js/.exec(readProcess(pid, 'cmdline'))?.[1]
    if (action === undefined) continue
    const status = readProcess(pid, 'status')
    if (!new RegExp(`^PPid:\\s+${runner}$`, 'm').test(status)) continue
    const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0)
    peaks.set(action, Math.max(peak, peaks.get(action) ?? 0))
  }
}
