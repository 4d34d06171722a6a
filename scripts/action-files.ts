import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'

/** An action's contract, as its action.yml states it. */
export type ActionFile = {
  name: string
  description: string
  inputs?: Record<string, { description?: string; required?: boolean; default?: string }>
  outputs?: Record<string, { description?: string }>
}

export const repository = resolve(import.meta.dirname, '..')

/** The actions in the order in which a federation meets them, and the one that tells of it. */
export const actionNames = [
  'create-cluster',
  'federate',
  'deploy-federated-app',
  'latency-dns',
  'teardown',
  'report-environment',
] as const

/** The directories of all actions; fails if one is not in `actionNames`, which orders the documentation. */
export function actionDirectories(): string[] {
  const present = readdirSync(join(repository, 'actions'))
  const unknown = present.filter(name => !actionNames.some(known => known === name))
  if (unknown.length > 0)
    throw new Error(`actions/${unknown.join(', ')} is not listed in scripts/action-files.ts`)
  return actionNames.map(name => join(repository, 'actions', name))
}

/** An action's action.yml, as it is written: nothing checks its shape. */
export function readActionFile(directory: string): ActionFile {
  return parse(readFileSync(join(directory, 'action.yml'), 'utf8'))
}
