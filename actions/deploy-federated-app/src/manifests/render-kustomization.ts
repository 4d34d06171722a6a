import { mkdtemp, readFile, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Job, UserError } from '@meridian/runner'
import { findTool, kubectlRequest, runTool, ToolFailure } from '@meridian/tools'
import type { Inputs } from '../inputs.ts'
import { checkKustomization } from './check-kustomization.ts'
import { mostBytesTogether } from './confine-to-workspace.ts'
import type { ManifestFile } from './find-manifests.ts'

type RenderJob = Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'run' | 'scratch' | 'userAgent'>

const renderMilliseconds = 60_000

/** Renders kustomizations of the workspace with kubectl, each into one file. Throws a UserError where one cannot be. */
export async function renderKustomizations(
  job: RenderJob,
  inputs: Pick<Inputs, 'kubectlPath' | 'kubectlUrl'>,
  folders: readonly string[],
): Promise<ManifestFile[]> {
  if (folders.length === 0) return []
  const root = await realpath(job.run.workspace)
  for (const folder of folders) await checkKustomization(root, folder)
  const tool = await findTool(kubectlRequest(inputs), job)
  const files: ManifestFile[] = []
  for (const folder of folders) files.push(await render(job, tool, root, folder))
  return files
}

async function render(
  job: RenderJob,
  tool: { name: string; path: string },
  root: string,
  folder: string,
): Promise<ManifestFile> {
  const home = await mkdtemp(join(await job.scratch(), 'kustomize-'))
  const output = join(home, 'rendered.yaml')
  const told = (text: string) => text.replaceAll(`${root}/`, '').replaceAll(root, '.')
  try {
    const { stderr } = await runTool(tool, ['kustomize', join(root, folder), '--output', output], {
      env: withoutNetwork(home),
      signal: job.signal,
      timeout: renderMilliseconds,
    })
    for (const line of stderr.split('\n').filter(Boolean)) job.log.info(`${folder}: ${told(line)}`)
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error
    throw unrendered(folder, told(reasonOf(error)), error)
  }
  const { size } = await stat(output)
  if (size > mostBytesTogether)
    throw unrendered(folder, `it becomes ${size} bytes, more than ${mostBytesTogether}`)
  return { path: folder || '.', text: await readFile(output, 'utf8') }
}

/** No plugins, no git, nothing of the job, and a proxy that is not there: what is read is read from the disk. */
function withoutNetwork(home: string): Record<string, string> {
  const nowhere = 'http://127.0.0.1:9'
  return { HOME: home, PATH: home, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere }
}

/** kubectl's own words: `error: …`, or in a line of its log. */
function reasonOf({ stderr, message }: ToolFailure): string {
  const words = stderr.replace(/^# Warning.*$/gm, '').replace(/^.*(?:"command failed" err=[<"]|error: )/m, '')
  return (
    words
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/( >|")$/, '')
      .slice(0, 600) || message
  )
}

function unrendered(folder: string, why: string, cause?: unknown): UserError {
  const fix = /not in or below/.test(why)
    ? 'Kustomize reads files only in or below the folder that names them: move the file, or make a base of its folder.'
    : `Correct it: kubectl kustomize ${folder || '.'} says the same.`
  return new UserError(`the kustomization ${folder || '.'} cannot be rendered: ${why}`, {
    fix,
    input: 'manifests',
    cause,
  })
}
