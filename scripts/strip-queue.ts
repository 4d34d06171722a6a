// Prints a workflow without `queue:` of its concurrency groups, for servers and tools that are older than this key of May 2026
// (GitHub Enterprise Server, act): `node scripts/strip-queue.ts FILE > OTHER`. Nothing else changes.
import { readFileSync } from 'node:fs'

/** A workflow's text without the lines that say `queue: max` in a `concurrency:` mapping. */
export function stripQueue(workflow: string): string {
  return workflow.replace(/^( *)concurrency:\n(?:\1 +.*\n)+/gm, group =>
    group.replace(/^ +queue: max\n/m, ''),
  )
}

if (import.meta.main) process.stdout.write(stripQueue(readFileSync(process.argv[2] ?? '', 'utf8')))
