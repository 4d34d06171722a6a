import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './action-files.ts'
import type { IamDocument } from './render-infra.ts'

/** What docs/iam holds, by name: the policies, who may assume a role that has them, and what bounds the machines' roles. */
export function readIam() {
  return {
    policies: readFolder(''),
    trusts: readFolder('trust'),
    boundary: readDocument('boundary/machines'),
  }
}

function readFolder(folder: string): Record<string, IamDocument> {
  const files = readdirSync(join(repository, 'docs/iam', folder)).filter(file => file.endsWith('.json'))
  const names = files.map(file => file.slice(0, -'.json'.length)).sort()
  return Object.fromEntries(names.map(name => [name, readDocument(join(folder, name))]))
}

function readDocument(name: string): IamDocument {
  return JSON.parse(readFileSync(join(repository, 'docs/iam', `${name}.json`), 'utf8'))
}
