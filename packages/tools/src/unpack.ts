import { chmod, mkdtemp, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Job } from '@meridian/runner'
import { childEnvironment } from './child-environment.ts'
import { runTool } from './run-tool.ts'

type UnpackJob = Pick<Job, 'env' | 'signal' | 'scratch'>

/** Unpacks a .tgz into a fresh directory of the job, with the `tar` that every runner has. */
export async function unpackArchive(archive: string, job: UnpackJob): Promise<string> {
  const directory = await mkdtemp(join(await job.scratch(), 'unpacked-'))
  const args = ['-xzf', archive, '-C', directory, '--no-same-owner']
  await runTool({ name: 'tar', path: 'tar' }, args, { env: childEnvironment(job.env), signal: job.signal })
  return directory
}

/** Unpacks the one executable of that name, in whatever directory of the archive it is; answers with its path. */
export async function unpackEntry(archive: string, entry: string, job: UnpackJob): Promise<string> {
  const directory = await unpackArchive(archive, job)
  const files = await readdir(directory, { recursive: true, withFileTypes: true })
  const found = files.find(file => file.isFile() && file.name === entry)
  if (found === undefined) throw new Error(`${basename(archive)} holds no ${entry}`)
  const path = join(found.parentPath, found.name)
  await chmod(path, 0o755)
  return path
}
