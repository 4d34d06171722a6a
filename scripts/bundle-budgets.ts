import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { actionDirectories } from './action-files.ts'

/** A bundle's size and the most it may be, in bytes. GitHub downloads and Node compiles all of it at every start. */
export type BundleSize = { action: string; bytes: number; budget: number }

const withKubernetes = 2_500_000
const withoutKubernetes = 1_300_000
const budgets: Record<string, number> = {
  'create-cluster': withoutKubernetes,
  'latency-dns': withoutKubernetes,
}

export function measureBundles(): BundleSize[] {
  return actionDirectories().map(directory => ({
    action: basename(directory),
    bytes: statSync(join(directory, 'dist/index.js')).size,
    budget: budgets[basename(directory)] ?? withKubernetes,
  }))
}
