import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ToolError } from '../terminal.ts'
import { defaultCrds } from './init-flags.ts'

/**
 * Puts the archive of resource definitions where `--crds` says it is from into the data directory. The release's
 * own archive comes with the tool, as its world has no GitHub; of other addresses only loopback ones exist.
 */
export async function fetchDefinitions(source: string, dataDirectory: string): Promise<void> {
  if (source === defaultCrds) return
  const archive = /^https?:\/\//.test(source) ? await download(source) : await open(source)
  if (archive[0] !== 0x1f || archive[1] !== 0x8b) throw new ToolError('gzip: invalid header')
  await writeFile(join(dataDirectory, 'crds.tar.gz'), archive)
}

async function download(source: string): Promise<Buffer> {
  const { hostname } = new URL(source)
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) {
    throw new ToolError(`Get ${JSON.stringify(source)}: dial tcp: lookup ${hostname}: no such host`)
  }
  const response = await fetch(source).catch(() => {
    throw new ToolError(`Get ${JSON.stringify(source)}: dial tcp ${hostname}: connect: connection refused`)
  })
  if (!response.ok) throw new ToolError(`failed download file. url: ${source} code: ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

async function open(path: string): Promise<Buffer> {
  return readFile(path).catch(() => {
    throw new ToolError(`open ${path}: no such file or directory`)
  })
}
