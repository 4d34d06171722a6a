import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { actionNames } from '../action-files.ts'
import type { Versioned } from './plan-release.ts'

/** Where each thing with a version of its own has its package.json and CHANGELOG.md. */
export function homeOf(name: string): string {
  return name === 'workflows' ? '.github/workflows' : `actions/${name}`
}

/** The actions, then the workflows, which are pinned to them. */
export function readVersioned(root: string): Versioned[] {
  return [...actionNames, 'workflows'].map(name => {
    const { version } = JSON.parse(readFileSync(join(root, homeOf(name), 'package.json'), 'utf8'))
    return { name, version }
  })
}

/** `owner/name`, from package.json: the one place that says it. */
export function readSlug(root: string): string {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    repository: string
  }
  return repository.replace('github:', '')
}

/** The workflows that other repositories may call, by their paths. */
export function readCallable(root: string): Map<string, string> {
  const paths = globSync('.github/workflows/*.yml', { cwd: root }).sort()
  const all = paths.map(path => [path, readFileSync(join(root, path), 'utf8')] as const)
  return new Map(all.filter(([, text]) => /^ {2}workflow_call:/m.test(text)))
}
