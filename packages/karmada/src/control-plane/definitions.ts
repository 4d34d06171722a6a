import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Kube, KubeObject } from '@meridian/kube'
import { type Job, messageOf, UserError } from '@meridian/runner'
import { unpackArchive } from '@meridian/tools'
import { parse } from 'yaml'
import pinned from '../../pinned-definitions.json' with { type: 'json' }
import { systemNamespace } from '../names.ts'

type ArchiveJob = Pick<Job, 'env' | 'signal' | 'scratch'>

const mostArchiveBytes = 10_000_000

/** Where a release has its archive of definitions. */
export function definitionsUrl(version: string): string {
  return `https://github.com/karmada-io/karmada/releases/download/v${version}/crds.tar.gz`
}

/** Unpacks an archive of definitions (`crds.tar.gz` of a release); answers with the directory. */
export async function unpackDefinitions(job: ArchiveJob, archive: string): Promise<string> {
  try {
    if ((await stat(archive)).size > mostArchiveBytes) throw new Error('it is too large to be one')
    return await unpackArchive(archive, job)
  } catch (error) {
    job.signal.throwIfAborted()
    throw new UserError(`${archive} is no archive of Karmada's definitions: ${messageOf(error)}`, {
      fix: "Give the path of a release's crds.tar.gz.",
      input: 'karmada-crds',
      cause: error,
    })
  }
}

/**
 * Throws unless the unpacked files are those of the release. Releases publish no hash of this archive, so what is
 * pinned is a hash of what is in it, as it stands in Karmada's repository (`charts/karmada/_crds` at the tag).
 */
export async function verifyDefinitions(directory: string, version: string): Promise<void> {
  const expected = (pinned as Record<string, string>)[version]
  const actual = await digestOf(directory)
  if (actual === expected) return
  const known = Object.keys(pinned).join(', ')
  throw new UserError(
    expected === undefined
      ? `the hash of Karmada ${version}'s definitions is not known to this action`
      : `the definitions that were downloaded are not those of Karmada ${version}: their hash is ${actual}`,
    {
      fix: `Download ${definitionsUrl(version)}, check it, and give its path with karmada-crds${expected === undefined ? `; or use one of ${known}` : ''}.`,
      input: 'karmada-crds',
    },
  )
}

/** The sha256 over the paths and the sha256s of all files, in the order of their paths. */
export async function digestOf(directory: string): Promise<string> {
  const lines: string[] = []
  for (const path of await listFiles(directory)) {
    const sum = createHash('sha256').update(await readFile(path))
    lines.push(`${sum.digest('hex')}  ${relative(directory, path)}\n`)
  }
  return createHash('sha256').update(lines.join('')).digest('hex')
}

async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}

/**
 * The definitions of an unpacked archive as they are to be applied: the bases, with the conversions that the
 * patches add to some of them. What a patch leaves open is filled in as `karmadactl init` does.
 */
export async function readDefinitions(
  directory: string,
  federation: Pick<Kube, 'get'>,
): Promise<KubeObject[]> {
  const files = (await listFiles(directory)).filter(path => path.endsWith('.yaml'))
  const read = async (folder: string) =>
    Promise.all(files.filter(path => path.includes(`/crds/${folder}/`)).map(path => readFile(path, 'utf8')))
  const caBundle = await readAuthority(federation)
  const fill = (text: string) =>
    text
      .replaceAll('{{name}}', 'karmada-webhook')
      .replaceAll('{{namespace}}', systemNamespace)
      .replaceAll('{{caBundle}}', caBundle)
  const patches = (await read('patches')).map(text => parse(fill(text)) as KubeObject)
  const bases = (await read('bases')).map(text => parse(text) as KubeObject)
  return bases.map(base => {
    const patch = patches.find(({ metadata }) => metadata.name === base.metadata.name)
    return patch ? { ...base, spec: { ...(base.spec as object), ...(patch.spec as object) } } : base
  })
}

type Webhooks = KubeObject & { webhooks?: { clientConfig?: { caBundle?: string } }[] }

async function readAuthority(federation: Pick<Kube, 'get'>): Promise<string> {
  const type = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' }
  const found = await federation.get<Webhooks>({ ...type, name: 'validating-config' })
  const caBundle = found?.webhooks?.[0]?.clientConfig?.caBundle
  if (caBundle === undefined) throw new Error('the federation has no webhooks to take the authority from')
  return caBundle
}
