import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packRoom, published } from '../pack-room.ts'

/** Runs a command for somebody who has an empty folder and nothing else, and whose npm reaches no registry. */
export function runIn(folder: string, command: string, ...args: string[]): string {
  const env = { HOME: folder, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
  return execFileSync(command, args, { cwd: folder, env, encoding: 'utf8' })
}

/** Packs the rooms and installs them, once for all tests of what others get. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-empty-'))
  const archives: string[] = []
  for (const room of Object.keys(published)) archives.push(await packRoom(room, join(folder, 'packed')))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  runIn(folder, 'npm', 'install', '--offline', '--no-audit', '--no-fund', ...archives)
  provide('installed', folder)
  return () => rm(folder, { recursive: true })
}
