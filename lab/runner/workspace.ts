import { copyFile, mkdir, readdir, readlink, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export type JobDirectories = {
  root: string
  workspace: string
  temp: string
  home: string
  eventPath: string
}

/** What git would not check out, or what only weighs. */
const leftOut = new Set(['.git', '.turbo', 'lab-report', 'node_modules'])

/** Makes the directories of one job: an empty workspace, RUNNER_TEMP, HOME and the event's payload. */
export async function createJobDirectories(runDirectory: string, payload: unknown): Promise<JobDirectories> {
  const root = join(runDirectory, crypto.randomUUID())
  const at = (name: string): string => join(root, name)
  await Promise.all(['workspace', 'temp', 'home'].map(name => mkdir(at(name), { recursive: true })))
  const eventPath = at('event.json')
  await writeFile(eventPath, JSON.stringify(payload))
  return { root, workspace: at('workspace'), temp: at('temp'), home: at('home'), eventPath }
}

/**
 * Fills a workspace with the repository's files. They are copies, not links: actions confine themselves to the
 * workspace by real path. All at once, because `fs.cp` with a filter takes twice as long.
 */
export async function checkOut(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  const entries = await readdir(from, { withFileTypes: true })
  await Promise.all(
    entries.map(async entry => {
      const [source, target] = [join(from, entry.name), join(to, entry.name)]
      if (leftOut.has(entry.name)) return
      if (entry.isDirectory()) await checkOut(source, target)
      else if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
      else await copyFile(source, target)
    }),
  )
}
