import { isAbsolute, join, resolve } from 'node:path'
import { definitionsUrl, unpackDefinitions, verifyDefinitions } from '@meridian/karmada'
import { type Job, messageOf, UserError } from '@meridian/runner'
import { downloadFile } from '@meridian/tools'
import type { Inputs } from '../inputs.ts'

export type Definitions = { archive: string; directory: string }

/** The definitions of Karmada's types: those of the given archive, or of the release, which are then verified. */
export async function fetchDefinitions(job: Job, inputs: Inputs): Promise<Definitions> {
  const { karmadaCrds: given, karmadaVersion: version } = inputs
  if (given !== undefined) {
    const archive = isAbsolute(given) ? given : resolve(job.run.workspace, given)
    return { archive, directory: await unpackDefinitions(job, archive) }
  }
  const archive = join(await job.scratch(), 'crds.tar.gz')
  const url = definitionsUrl(version)
  await downloadFile(url, archive, job).catch(error => {
    job.signal.throwIfAborted()
    throw new UserError(`${url} could not be downloaded: ${messageOf(error)}`, {
      fix: 'Let this machine reach github.com, or give the path of that file with karmada-crds.',
      input: 'karmada-crds',
      cause: error,
    })
  })
  const directory = await unpackDefinitions(job, archive)
  await verifyDefinitions(directory, version)
  return { archive, directory }
}
