import { lstat, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { messageOf, UserError } from '../errors.ts'
import { log } from '../log/log.ts'
import { saveState } from './runner-files.ts'

/** The state keys under which the post step finds the directories to remove. */
export const scratchStates = ['meridian-scratch', 'meridian-shared'] as const
const [ownState, sharedState] = scratchStates
const prefix = 'meridian-'

type Scratch = { path: string; device: number; inode: number }

/** A private directory, which the post step removes. */
export async function makeScratch(temp: string): Promise<string> {
  const path = await mkdtemp(join(temp, prefix))
  try {
    await remember(ownState, path)
  } catch (error) {
    await rm(path, { recursive: true, force: true })
    throw error
  }
  return path
}

/**
 * A private directory that all steps of this job share, also those that run side by side; the first post step removes it, when
 * all steps have ended. One that others can look into, or that somebody else has put there, is refused.
 */
export async function makeSharedScratch(temp: string): Promise<string> {
  const path = join(temp, `${prefix}shared`)
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const { mode, uid, isOwnDirectory } = await look(path)
  if (!isOwnDirectory || (mode & 0o077) !== 0) {
    throw new UserError(
      `${path} is not a private directory of this user (mode ${(mode & 0o777).toString(8)}, user ${uid})`,
      {
        fix: 'Remove it before the job: it is not what an action of Meridian has made.',
      },
    )
  }
  await remember(sharedState, path)
  return path
}

async function look(path: string) {
  const found = await lstat(path)
  const isOwnDirectory = found.isDirectory() && found.uid === (process.getuid?.() ?? found.uid)
  return { mode: found.mode, uid: found.uid, isOwnDirectory }
}

async function remember(state: string, path: string): Promise<void> {
  const { dev: device, ino: inode } = await lstat(path)
  saveState(state, JSON.stringify({ path, device, inode } satisfies Scratch))
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
