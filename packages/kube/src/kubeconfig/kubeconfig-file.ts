import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import type { Environment } from '@meridian/runner'
import { messageOf, UserError } from '@meridian/runner'
import { stringify } from 'yaml'
import { type Kubeconfig, mergeKubeconfigs, parseKubeconfig } from './kubeconfig.ts'

/** What `loadKubeconfig` has read last. Each of many clusters looks for its context, in files of 5 KB for each of them. */
let latest: { readonly stamp: string; readonly config: Promise<Kubeconfig | undefined> } | undefined

/**
 * The merged files of `$KUBECONFIG`; `undefined` where the variable is empty or names no file that exists.
 * As with kubectl the first file wins where names clash. Files that are as they were are not read again.
 */
export async function loadKubeconfig(env: Environment): Promise<Kubeconfig | undefined> {
  const paths = (env.KUBECONFIG ?? '').split(delimiter).filter(path => path !== '')
  const stamp = (await Promise.all(paths.map(stampOf))).join('\n')
  if (latest?.stamp !== stamp) latest = { stamp, config: readMerged(paths) }
  return latest.config
}

/** Another whenever a file is written or replaced. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined)
  return found ? [path, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ') : path
}

async function readMerged(paths: readonly string[]): Promise<Kubeconfig | undefined> {
  const configs = await Promise.all(paths.map(readIfPresent))
  return configs
    .filter(config => config !== undefined)
    .reduceRight<Kubeconfig | undefined>(
      (later, config) => (later === undefined ? config : mergeKubeconfigs(later, config)),
      undefined,
    )
}

/** A kubeconfig as the text of a file. kubectl reads much as YAML 1.1 does: a cluster `no` has to be quoted. */
export function formatKubeconfig(config: Kubeconfig): string {
  return stringify(config, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })
}

/**
 * Writes a kubeconfig that only this user can read. The file is made anew (O_EXCL), never written through a
 * link that someone else put in its place.
 */
export async function writeKubeconfig(path: string, config: Kubeconfig): Promise<void> {
  await rm(path, { force: true })
  await writeFile(path, formatKubeconfig(config), { mode: 0o600, flag: 'wx' })
}

async function readIfPresent(path: string): Promise<Kubeconfig | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw unreadable(path, error)
  })
  if (text === undefined) return undefined
  try {
    return makePathsAbsolute(parseKubeconfig(text), dirname(path))
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): UserError {
  return new UserError(`the kubeconfig ${path} cannot be read: ${messageOf(error)}`, {
    fix: 'Correct the file, or the variable KUBECONFIG that names it.',
    cause: error,
  })
}

/** File references of a kubeconfig are relative to it, and it is about to be merged with others. */
function makePathsAbsolute(config: Kubeconfig, directory: string): Kubeconfig {
  const absolute = <T extends Record<string, unknown>>(entry: T, fields: string[]): T => {
    const paths = fields
      .map(field => [field, entry?.[field]] as const)
      .filter(([, value]) => typeof value === 'string' && value !== '' && !isAbsolute(value))
      .map(([field, value]) => [field, join(directory, String(value))])
    return { ...entry, ...Object.fromEntries(paths) }
  }
  return {
    ...config,
    clusters: config.clusters.map(entry => ({
      ...entry,
      cluster: absolute(entry.cluster, ['certificate-authority']),
    })),
    users: config.users.map(entry => ({
      ...entry,
      user: absolute(entry.user, ['client-certificate', 'client-key', 'tokenFile']),
    })),
  }
}
