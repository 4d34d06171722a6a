import { rename, writeFile } from 'node:fs/promises'
import { type Job, messageOf } from '@meridian/runner'

/** What is written to a file, and made anew `every` so many milliseconds. */
type Kept = { readonly what: string; readonly make: () => Promise<string>; readonly every: number }

/**
 * Keeps a file that only this user can read fresh for as long as the job runs. Whoever reads it has it whole, the old or
 * the new. Rejects where it cannot be made the first time; later that is a warning.
 */
export async function keepFile(
  job: Pick<Job, 'log' | 'signal'>,
  file: string,
  { what, make, every }: Kept,
): Promise<void> {
  const write = async () => {
    await writeFile(`${file}.new`, await make(), { mode: 0o600 })
    await rename(`${file}.new`, file)
  }
  await write()
  const timer = setInterval(() => {
    write().catch(error => job.log.warning(`The ${what} could not be renewed: ${messageOf(error)}`))
  }, every)
  timer.unref()
  job.signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}
