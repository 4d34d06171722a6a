import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The licences of all packages that files of a bundle come from, in one text. */
export function collectLicences(files: readonly string[]): string {
  const roots = files.flatMap(path => packageRoot(path) ?? [])
  return [...new Set(roots)]
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
