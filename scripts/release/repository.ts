import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { actionNames, repository } from '../action-files.ts'
import { type Versioned, workflows } from './plan-release.ts'

/** The text of `package.json` or `CHANGELOG.md` of what has a version of its own. */
function readHome(name: string, file: string): string {
  const home = name === workflows ? '.github/workflows' : `actions/${name}`
  return readFileSync(join(repository, home, file), 'utf8')
}

/** A package's CHANGELOG.md; throws where it has none yet. */
export function readChangelog(name: string): string {
  return readHome(name, 'CHANGELOG.md')
}

/** The actions, then the workflows, which are pinned to them. */
export function readVersioned(): Versioned[] {
  return [...actionNames, workflows].map(name => {
    const { version } = JSON.parse(readHome(name, 'package.json'))
    return { name, version }
  })
}

/** The workflows that other repositories may call, by their paths. */
export function readCallable(): Map<string, string> {
  const paths = globSync('.github/workflows/*.yml', { cwd: repository }).sort()
  const all = paths.map(path => [path, readFileSync(join(repository, path), 'utf8')] as const)
  return new Map(all.filter(([, text]) => /^ {2}workflow_call:/m.test(text)))
}
