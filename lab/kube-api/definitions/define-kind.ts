import { fieldsAt, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { ageColumn, column, nameColumn } from '../columns.ts'
import { describeAge } from '../duration.ts'
import type { Cell, Column, Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { compareVersions } from '../versions.ts'

/** A definition as a kind: that of its storage version, with the others that are served. */
export function kindOf(definition: KubeObject): Kind | undefined {
  const versions = listAt(definition, 'spec', 'versions')
  const storage = versions.find(each => textAt(each, 'storage') === 'true')
  if (!storage) return undefined
  const stored = { ...versionOf(definition, storage), served: isServed(storage) }
  const others = versions.filter(each => each !== storage && isServed(each))
  return Object.assign(stored, {
    versions: others.map(each => ({ ...versionOf(definition, each), stored })),
  })
}

const isServed = (version: unknown) => valueAt(version, 'served') !== false

function versionOf(definition: KubeObject, version: unknown): Kind {
  const names = fieldsAt(definition, 'spec', 'names')
  const kind = textAt(names, 'kind')
  const scale = fieldsAt(version, 'subresources', 'scale')
  const path = (field: string) => textAt(scale, field).slice(1)
  return {
    group: textAt(definition, 'spec', 'group'),
    version: textAt(version, 'name'),
    kind,
    plural: textAt(names, 'plural'),
    singular: textAt(names, 'singular') || kind.toLowerCase(),
    shortNames: listAt(names, 'shortNames').map(String),
    categories: listAt(names, 'categories').map(String),
    namespaced: textAt(definition, 'spec', 'scope') === 'Namespaced',
    status: valueAt(version, 'subresources', 'status') !== undefined,
    generation: true,
    custom: true,
    ...(definition.metadata.deletionTimestamp ? { terminating: true } : {}),
    schema: fieldsAt(version, 'schema', 'openAPIV3Schema'),
    selectable: listAt(version, 'selectableFields').map(each => textAt(each, 'jsonPath').slice(1)),
    ...(valueAt(version, 'deprecated') === true
      ? { deprecated: textAt(version, 'deprecationWarning') || deprecationOf(definition, version) }
      : {}),
    columns: columnsOf(version),
    ...(Object.keys(scale).length > 0
      ? {
          scale: {
            replicas: path('specReplicasPath'),
            status: path('statusReplicasPath'),
            selector: path('labelSelectorPath'),
          },
        }
      : {}),
  }
}

/** What servers say of a version that is on its way out. */
function deprecationOf(definition: KubeObject, version: unknown): string {
  const [group, kind] = [textAt(definition, 'spec', 'group'), textAt(definition, 'spec', 'names', 'kind')]
  const name = textAt(version, 'name')
  const [better] = listAt(definition, 'spec', 'versions')
    .filter(each => isServed(each) && valueAt(each, 'deprecated') !== true)
    .map(each => textAt(each, 'name'))
    .filter(other => compareVersions(name, other) < 0)
    .sort((a, b) => compareVersions(b, a))
  return `${group}/${name} ${kind} is deprecated${better ? `; use ${group}/${better} ${kind}` : ''}`
}

function columnsOf(version: unknown): Column[] {
  const declared = listAt(version, 'additionalPrinterColumns')
  return declared.length > 0 ? [nameColumn, ...declared.map(printerColumn)] : [nameColumn, ageColumn]
}

function printerColumn(declared: unknown): Column {
  const path = textAt(declared, 'jsonPath')
  const type = textAt(declared, 'type')
  const cell = (object: KubeObject, now: number): Cell => {
    const value = readJsonPath(object, path)
    if (value === undefined || value === null) return null
    if (type === 'date') return ageOf(value, now)
    if (type === 'string' || type === '')
      return typeof value === 'object' ? JSON.stringify(value) : String(value)
    return typeof value === columnValues[type] ? (value as Cell) : null
  }
  const wide = Number(textAt(declared, 'priority') || 0) > 0
  const description =
    textAt(declared, 'description') || `Custom resource definition column (in JSONPath format): ${path}`
  return column(textAt(declared, 'name'), cell, { wide, type: columnTypes[type] ?? 'string', description })
}

const columnValues: Record<string, string> = { integer: 'number', number: 'number', boolean: 'boolean' }

function ageOf(value: unknown, now: number): string {
  const isDate = typeof value === 'string' && !Number.isNaN(Date.parse(value))
  return isDate ? describeAge(value, now) : '<invalid>'
}

const columnTypes: Record<string, Column['type']> = { integer: 'integer', boolean: 'boolean', date: 'date' }

/** The simple JSONPaths of printer columns: fields, indices and `[?(@.field=="value")]`. */
function readJsonPath(root: unknown, path: string): unknown {
  const steps = path.matchAll(
    /\.(?<field>[\w-]+)|\[(?<index>\d+)\]|\[\?\(@\.(?<key>[\w-]+)\s*==\s*["'](?<value>[^"']*)["']\)\]/g,
  )
  let value = root
  for (const { groups = {} } of steps) {
    const { field, index, key } = groups
    if (field !== undefined) value = valueAt(value, field)
    else if (index !== undefined) value = valueAt(value, Number(index))
    else if (key !== undefined)
      value = listAt({ value }, 'value').find(item => textAt(item, key) === groups.value)
  }
  return value
}
