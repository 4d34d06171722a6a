import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Job } from '@meridian/runner'
import { type Kubeconfig, mergeKubeconfigs, parseKubeconfig } from './kubeconfig.ts'
import { formatKubeconfig, loadKubeconfig } from './kubeconfig-file.ts'

const ending = '.part'

/**
 * Adds contexts to the one kubeconfig that all steps of this job share, beside those that `$KUBECONFIG` has already, and makes
 * later steps use it; answers with its path. Steps may run side by side (`parallel:`): whichever `KUBECONFIG` wins, its file
 * has the contexts of all. Each step leaves its part beside the file, and puts the file together until no part is new: nothing
 * is locked, so that a step that is killed shuts nobody out.
 */
export async function shareKubeconfig(
  job: Pick<Job, 'env' | 'sharedScratch' | 'exportVariable'>,
  added: Kubeconfig,
): Promise<string> {
  const directory = await job.sharedScratch()
  const file = join(directory, 'kubeconfig')
  // Parts count in the order of their names: what the job began with, then what steps added, the later above the earlier.
  const earlier = job.env.KUBECONFIG === file ? undefined : await loadKubeconfig(job.env)
  if (earlier !== undefined) await addPart(directory, 'a', earlier)
  await addPart(directory, 'b', added)
  let written: string[] = []
  for (let parts = await listParts(directory); !isDeepStrictEqual(parts, written); ) {
    await replaceFile(file, await mergeParts(directory, parts))
    written = parts
    parts = await listParts(directory)
  }
  job.exportVariable('KUBECONFIG', file)
  return file
}

async function addPart(directory: string, rank: string, config: Kubeconfig): Promise<void> {
  const time = String(Date.now()).padStart(15, '0')
  await replaceFile(join(directory, `${rank}-${time}-${crypto.randomUUID()}${ending}`), config)
}

async function listParts(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter(name => name.endsWith(ending)).sort()
}

async function mergeParts(directory: string, parts: readonly string[]): Promise<Kubeconfig> {
  const configs = await Promise.all(
    parts.map(async name => parseKubeconfig(await readFile(join(directory, name), 'utf8'))),
  )
  return configs.reduce(mergeKubeconfigs)
}

/** Whoever reads the file has it whole, the old or the new; nobody else of the machine can read it. */
async function replaceFile(path: string, config: Kubeconfig): Promise<void> {
  const fresh = `${path}.${crypto.randomUUID()}`
  await writeFile(fresh, formatKubeconfig(config), { mode: 0o600, flag: 'wx' })
  await rename(fresh, path)
}
