import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ToolError } from '../terminal.ts'
import type { StateStore } from './store.ts'

const refusal = 'The local filesystem state store is not functional for running clusters'

/** A state store in a directory: kops takes one for a dry run, and for nothing that would have to be kept. */
export function openFileStore(location: string): StateStore {
  const directory = location.replace(/^file:\/\//, '')
  const refuse = async () => {
    throw new ToolError(refusal)
  }
  return {
    // In what it prints, kops names a directory without `file://`.
    base: directory.replace(/\/$/, ''),
    read: path =>
      readFile(join(directory, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw new ToolError(`error reading ${location}/${path}: ${error.message}`)
      }),
    list: async () => [],
    write: refuse,
    remove: refuse,
  }
}
