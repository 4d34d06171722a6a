import { readFile, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { messageOf } from '@meridian/runner'
import { isNode, parseAllDocuments, visit } from 'yaml'
import { confine, mostBytes, problem, refuseOutside } from './confine-to-workspace.ts'

/** The names that kustomize looks for, in its order. */
const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
/** What is read as further manifests, or as a further kustomization: all that kustomize would fetch from elsewhere. */
const bases = ['resources', 'bases', 'components']
/** The same, or the text itself. */
const plugins = ['generators', 'transformers', 'validators']
const charts = ['helmcharts', 'helmchartinflationgenerator', 'helmglobals']
/** Texts that are not read as paths. */
const texts = /^(commonannotations|annotations|commonlabels|labels|pairs|literals)$/
const remote = /(^|=)\s*[a-z][a-z0-9+.-]*:\/\//i
const mostFolders = 200

/** Whether kustomize renders a folder of the workspace. */
export async function isKustomization(root: string, folder: string): Promise<boolean> {
  return (await kustomizationOf(resolve(root, folder))) !== undefined
}

/** Whether a file is what kustomize renders a folder by. */
export function isKustomizationFile(path: string): boolean {
  return fileNames.includes(path.split('/').at(-1) ?? '')
}

/**
 * Throws one UserError for all that would have kustomize read what is not in the workspace, in a kustomization and in
 * those that it is built on: it fetches what an entry names elsewhere, and takes bases from anywhere on the disk.
 */
export async function checkKustomization(root: string, folder: string): Promise<void> {
  const problems: string[] = []
  const seen = new Set<string>()
  const open = [resolve(root, folder)]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    if (seen.size > mostFolders)
      throw problem(`${folder} is built on more than ${mostFolders} folders`, 'Make it smaller.')
    const file = await kustomizationOf(at)
    if (file !== undefined) open.push(...(await checkFile(root, at, file, problems)))
  }
  if (problems.length === 0) return
  throw problem(
    ['kustomize is to read only what is in the workspace:', ...problems.map(each => `- ${each}`)].join('\n'),
    'Put what it needs into the repository. Charts: run `helm template` in a step before, and give its output.',
  )
}

async function kustomizationOf(folder: string): Promise<string | undefined> {
  for (const name of fileNames) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found?.isFile()) return join(folder, name)
  }
}

/** Collects the problems of one file; answers with the folders that it is built on. */
async function checkFile(root: string, folder: string, file: string, problems: string[]): Promise<string[]> {
  const name = relative(root, file)
  const folders: string[] = []
  const tell = (what: string) => void problems.push(`${name}: ${what}`)
  for (const [key, value] of await readEntries(root, file, tell)) {
    if (charts.includes(key)) tell('it renders Helm charts')
    for (const text of textsOf(value, key)) if (remote.test(text)) tell(`'${text}' is fetched from elsewhere`)
    if (!bases.includes(key) && !plugins.includes(key)) continue
    for (const entry of Array.isArray(value) ? value.map(String) : []) {
      if (plugins.includes(key) && entry.includes('\n')) {
        for (const each of parse(entry, tell)) checkTexts(each, tell)
      } else if (!remote.test(entry)) folders.push(...(await checkEntry(root, folder, { key, entry }, tell)))
    }
  }
  return folders
}

async function checkEntry(
  root: string,
  folder: string,
  { key, entry }: { key: string; entry: string },
  tell: (what: string) => void,
): Promise<string[]> {
  const path = resolve(folder, entry)
  const info = await stat(path).catch(() => undefined)
  if (info === undefined) tell(`'${entry}' is not in the workspace`)
  else {
    const real = await confine(root, path).catch(() => undefined)
    if (real === undefined) tell(`'${entry}' is outside the workspace`)
    else if (info.isDirectory()) return [real]
    else if (plugins.includes(key))
      for (const each of await readTexts(root, real, tell)) checkTexts(each, tell)
  }
  return []
}

function checkTexts(value: unknown, tell: (what: string) => void): void {
  for (const text of textsOf(value)) if (remote.test(text)) tell(`'${text}' is fetched from elsewhere`)
}

/** The members of a kustomization; their names as kustomize compares them, which is without case. */
async function readEntries(
  root: string,
  file: string,
  tell: (what: string) => void,
): Promise<[string, unknown][]> {
  const documents = await readTexts(root, file, tell)
  return documents
    .flatMap(each => Object.entries(each ?? {}))
    .map(([key, value]) => [key.toLowerCase(), value])
}

async function readTexts(root: string, file: string, tell: (what: string) => void): Promise<unknown[]> {
  refuseOutside(root, await confine(root, file), relative(root, file))
  if ((await stat(file)).size > mostBytes) tell(`it has more than ${mostBytes / 1024} KiB`)
  else return parse(await readFile(file, 'utf8'), tell)
  return []
}

function parse(text: string, tell: (what: string) => void): unknown[] {
  try {
    return parseAllDocuments(text, { merge: true, logLevel: 'error' }).map(document => {
      const [wrong] = document.errors
      if (wrong) throw wrong
      visit(document, (_, node) => {
        // By it kustomize may read another text than is seen here.
        if (isNode(node) && node.tag !== undefined) throw new Error(`it has the tag ${node.tag}`)
      })
      return document.toJS({ maxAliasCount: 20 }) as unknown
    })
  } catch (error) {
    tell(messageOf(error).split('\n')[0]?.replace(/:$/, '') ?? '')
    return []
  }
}

/** All texts of one line that may be paths. */
function textsOf(value: unknown, key = ''): string[] {
  if (texts.test(key.toLowerCase())) return []
  if (typeof value === 'string') return value.includes('\n') ? [] : [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => textsOf(each, Array.isArray(value) ? '' : name))
}
