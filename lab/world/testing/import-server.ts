import { createRequire } from 'node:module'
import { join } from 'node:path'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder in which rooms of the lab are installed as packages, where these are what is tested. */
    installed: string | undefined
  }
}

/** Whether the server under test is the one of the package that others install. */
export const isInstalled: boolean = inject('installed') !== undefined

/** What a room's package exports: as it is installed, in the tests of that, and else from the sources. */
export function importServer<T>(name: string, fromSources: () => Promise<T>): Promise<T> {
  const folder = inject('installed')
  if (folder === undefined) return fromSources()
  return import(createRequire(join(folder, 'package.json')).resolve(name))
}
