import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { actionDirectories } from './action-files.ts'

/** A bundle's size and the most it may be, in bytes. GitHub downloads and Node compiles all of it at every start. */
export type BundleSize = { action: string; bytes: number; budget: number }

const withKubernetes = 1_800_000
/** The actions that speak to no cluster. */
const withoutKubernetes = { actions: ['latency-dns', 'report-environment'], budget: 750_000 }

/** Sizes of all actions' scripts beside what they may have, in bytes; licences and package.json do not count. */
export function measureBundles(): BundleSize[] {
  return actionDirectories().map(directory => ({
    action: basename(directory),
    bytes: scriptBytes(join(directory, 'dist')),
    budget: withoutKubernetes.actions.includes(basename(directory))
      ? withoutKubernetes.budget
      : withKubernetes,
  }))
}

function scriptBytes(dist: string): number {
  const scripts = readdirSync(dist).filter(name => /\.c?js$/.test(name))
  return scripts.reduce((sum, name) => sum + statSync(join(dist, name)).size, 0)
}
