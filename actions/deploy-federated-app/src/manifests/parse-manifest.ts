import type { KubeObject } from '@meridian/kube'
import { messageOf } from '@meridian/runner'
import {
  Composer,
  type Document,
  type DocumentOptions,
  isAlias,
  isMap,
  type ParseOptions,
  Parser,
  parseAllDocuments,
  type SchemaOptions,
  visit,
} from 'yaml'
import { isKustomizationFile } from './check-kustomization.ts'
import type { ManifestFile } from './find-manifests.ts'
import { kubectlScalars } from './kubectl-scalars.ts'

/** The objects of a file, or what is wrong with it. */
export type Parsed = { objects: KubeObject[]; problems: string[] }

const mostAliases = 20
const mostDepth = 60
const mostValues = 100_000
/** Of all manifests together. */
export const mostObjects = 2_000
/** RBAC allows colons; nothing allows a slash, which would lead to another path of the API. */
const nameShape = /^[A-Za-z0-9]([A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?$/

/** kubectl reads much as YAML 1.1 does. */
const asKubectl: ParseOptions & DocumentOptions & SchemaOptions = {
  merge: true,
  customTags: tags => [...kubectlScalars, ...tags],
  logLevel: 'error',
}

/** Reads the YAML documents or the JSON of a file; items of a List count as documents of their own. */
export function parseManifest(file: ManifestFile): Parsed {
  if (isKustomizationFile(file.path)) return { objects: [], problems: [`${file.path}: ${kustomized}`] }
  const problems: string[] = []
  const objects: KubeObject[] = []
  for (const [at, value] of readDocuments(file, problems).entries()) {
    const where = `${file.path} (document ${at + 1})`
    for (const item of unfoldList(value, 0)) {
      const wrong = findFault(item)
      if (wrong === undefined) objects.push(item as KubeObject)
      else problems.push(`${where}: ${wrong}`)
    }
  }
  return { objects, problems }
}

/** The first error of a text, with the line in which it is. */
function placed(text: string): Error | undefined {
  return parseAllDocuments(text, asKubectl).flatMap(({ errors }) => errors)[0]
}

function readDocuments(file: ManifestFile, problems: string[]): unknown[] {
  const values: unknown[] = []
  try {
    if (file.text.includes('\0')) throw new Error('it holds a NUL character')
    // One after the other: what the parser makes of a document is a hundred times its text.
    for (const document of new Composer(asKubectl).compose(new Parser().parse(file.text))) {
      const [error] = document.errors
      if (isTemplate(document, file.text) || (error && file.text.includes('{{'))) throw new Error(unrendered)
      if (error) throw placed(file.text) ?? error
      if (file.text.includes('*') && countAliases(document) > mostAliases)
        throw new Error(`it has more than ${mostAliases} aliases`)
      const value: unknown = document.toJS({ maxAliasCount: mostAliases })
      refuseBulk(value)
      if (value !== null && value !== undefined) values.push(value)
    }
  } catch (error) {
    const message = messageOf(error).split('\n')[0]?.replace(/:$/, '') ?? ''
    // The parser's own stack runs out; it tells so as an error of the document, or not at all.
    const reason = /call stack/.test(message) ? 'it is nested too deeply' : message
    problems.push(`${file.path}: ${reason}`)
  }
  return values
}

const unrendered =
  'it is a template of Helm that has not been rendered: run `helm template <release> <chart> --namespace <namespace> > rendered.yaml` in a step before, and give rendered.yaml'

const kustomized =
  'kustomize renders the folder in which it is: give that folder itself in manifests, and not the one above or this file'

/** `{{ .Values.x }}` is YAML: a map whose key is a map, which no manifest has. */
function isTemplate(document: Document.Parsed, text: string): boolean {
  let found = false
  if (!text.includes('{{')) return found
  visit(document, {
    Pair: (_, { key }) => {
      found ||= isMap(key)
      return found ? visit.BREAK : undefined
    },
  })
  return found
}

/** The parser's own cap does not count aliases under merge keys. */
function countAliases(document: Document.Parsed): number {
  let count = 0
  visit(document, (_, node) => {
    if (isAlias(node)) count += 1
  })
  return count
}

/** Walks level by level, not recursively: depth is what it guards against. */
function refuseBulk(value: unknown): void {
  let level: unknown[] = [value]
  for (let depth = 0, count = 0; level.length > 0; depth += 1) {
    count += level.length
    if (depth > mostDepth) throw new Error(`it is nested deeper than ${mostDepth} levels`)
    if (count > mostValues) throw new Error(`it holds more than ${mostValues} values`)
    level = level.flatMap(each => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
}

/** A named object is none, whatever its kind is called: `kind: AllowList` may be a custom resource. */
function unfoldList(value: unknown, depth: number): unknown[] {
  const { kind, items, metadata } = (value ?? {}) as { kind?: unknown; items?: unknown; metadata?: unknown }
  const named = typeof metadata === 'object' && metadata !== null && 'name' in metadata
  const isList = typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) && !named
  return isList && depth < 3 ? items.flatMap(item => unfoldList(item, depth + 1)) : [value]
}

function findFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is not an object'
  const { apiVersion, kind, metadata } = value as Record<string, unknown>
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return 'has no apiVersion or no kind'
  if (
    !/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?v[a-z0-9]+$/.test(apiVersion) ||
    !/^[A-Z][A-Za-z0-9]*$/.test(kind)
  )
    return `is of a kind that cannot be: ${apiVersion} ${kind}`.slice(0, 200)
  if (apiVersion.startsWith('kustomize.config.k8s.io/'))
    return 'is for kustomize: name the file kustomization.yaml, and give the folder in which it is'
  if (typeof metadata !== 'object' || metadata === null) return `${kind} has no metadata`
  const { name, namespace } = metadata as Record<string, unknown>
  if (typeof name !== 'string' || !nameShape.test(name))
    return `${kind} has no valid metadata.name (generateName would make a new object in each run)`
  if (namespace !== undefined && (typeof namespace !== 'string' || !nameShape.test(namespace)))
    return `${kind} ${name} has no valid metadata.namespace`
  const wrong = (['labels', 'annotations'] as const).find(
    field => !isTextMap((metadata as Record<string, unknown>)[field]),
  )
  if (wrong) return `${kind} ${name} has metadata.${wrong} whose values are not all text`
  // It is encoded here, so that no server would see that `0123` was read as a number.
  if (kind === 'Secret' && !isTextMap((value as Record<string, unknown>).stringData))
    return `${kind} ${name} has stringData whose values are not all text: quote them`
  return undefined
}

function isTextMap(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value !== 'object' || Array.isArray(value)) return false
  return Object.values(value).every(each => typeof each === 'string')
}
