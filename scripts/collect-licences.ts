import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

/** ncc's own runtime is in every bundle. */
const always = [resolve(import.meta.dirname, '../node_modules/@vercel/ncc')]

/**
 * The licences of all packages that a bundle of `entry` draws on, in one text. ncc collects licences too, but of one file of a
 * bundle only.
 */
export async function collectLicences(entry: string): Promise<string> {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'error',
    outdir: '.',
  })
  const roots = Object.keys(metafile.inputs).flatMap(path => packageRoot(path) ?? [])
  return [...new Set([...always, ...roots.map(root => resolve(root))])]
    .map(readLicence)
    .sort()
    .filter((text, at, all) => text !== all[at - 1])
    .join(`\n${'-'.repeat(80)}\n\n`)
}

/** The directory of the package that a file is in; undefined for the project's own files. Pure. */
export function packageRoot(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0]
}

function readLicence(root: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const file = readdirSync(root).find(entry => /^(licen[cs]e|copying)/i.test(entry))
  const text =
    file === undefined ? 'The package has no licence file.' : readFileSync(join(root, file), 'utf8').trim()
  return `${name} ${version} (${license})\n\n${text}\n`
}
