import { lstat, mkdtemp, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { messageOf } from './errors.ts'
import { log } from './log.ts'
import { saveState } from './runner-files.ts'

/** The state key under which the post step finds the directory to remove. */
export const scratchState = 'meridian-scratch'
const prefix = 'meridian-'

type Scratch = { path: string; device: number; inode: number }

/** A private directory, which the post step removes. */
export async function makeScratch(temp: string): Promise<string> {
  const path = await mkdtemp(join(temp, prefix))
  const { dev: device, ino: inode } = await lstat(path)
  try {
    saveState(scratchState, JSON.stringify({ path, device, inode } satisfies Scratch))
  } catch (error) {
    await rm(path, { recursive: true, force: true })
    throw error
  }
  return path
}

/**
 * Removes the directory that `makeScratch` has made in `temp`, and nothing else: anything in the job can write a state, and
 * what lies at a path may have been exchanged.
 */
export async function removeScratch(state: string, temp: string): Promise<void> {
  if (state === '') return
  try {
    const { path, device, inode } = JSON.parse(state) as Scratch
    const found = await lstat(path).catch(() => undefined)
    if (found === undefined) return
    const isOwn = found.isDirectory() && found.dev === device && found.ino === inode
    const isPlace = dirname(path) === resolve(temp) && basename(path).startsWith(prefix)
    if (!isOwn || !isPlace) return log.warning(`${path} stays: it is not what this action has made.`)
    await rm(path, { recursive: true, force: true })
  } catch (error) {
    log.warning(`What this action has made in ${temp} could not be removed: ${messageOf(error)}`)
  }
}
