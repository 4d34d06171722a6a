import { isCustom, type Kind } from './kind.ts'
import type { FieldType } from './typed-fields.ts'

type Attribute = { baseName: string; type: string; format: string }
type Model = { getAttributeTypeMap?(): Attribute[] }

const models = new Map<string, Promise<readonly Attribute[] | undefined>>()
const known = new Map<string, Readonly<Record<string, FieldType>>>()

/** Fields that the models call strings or numbers, and servers quantities: 1 is as good as "1". */
const quantities = new Set([
  'V1ResourceFieldSelector.divisor',
  'V1EmptyDirVolumeSource.sizeLimit',
  'V2MetricTarget.averageValue',
  'V2MetricTarget.value',
  'V1CSIStorageCapacity.capacity',
  'V1CSIStorageCapacity.maximumVolumeSize',
])
const quantityMaps = new Set(
  'allocatable allocatedResources capacity default defaultRequest hard limits max maxLimitRequestRatio min overhead podFixed requests used'.split(
    ' ',
  ),
)

/**
 * What an object of a kind may hold: by the generated models of Kubernetes' own client, or by its definition. Of kinds
 * that neither knows, anything.
 */
export async function typeOfKind(kind: Kind): Promise<FieldType> {
  if (!isCustom(kind)) {
    const { version } = kind
    return typeOfModel(`${version.charAt(0).toUpperCase()}${version.slice(1)}${kind.kind}`)
  }
  const { type } = kind
  if (type === undefined || typeof type === 'string' || !('fields' in type)) return 'any'
  const metadata = await typeOfModel('V1ObjectMeta')
  return { fields: () => ({ apiVersion: 'string', kind: 'string', ...type.fields(), metadata }) }
}

async function typeOfModel(name: string): Promise<FieldType> {
  await load(name)
  return known.has(name) ? { fields: () => known.get(name) ?? {} } : 'any'
}

/** Reads a model and all that its fields are made of, whoever else is reading some of them at this moment. */
async function load(root: string): Promise<void> {
  const names = new Set([root])
  for (const name of names) {
    const attributes = await readModel(name)
    if (attributes === undefined) continue
    for (const { type } of attributes) {
      const inner = modelIn(type)
      if (inner !== undefined) names.add(inner)
    }
    if (!known.has(name))
      known.set(name, Object.fromEntries(attributes.map(each => [each.baseName, typeOf(each, name)])))
  }
}

function readModel(name: string): Promise<readonly Attribute[] | undefined> {
  const reading =
    models.get(name) ??
    import(`@kubernetes/client-node/dist/gen/models/${name}.js`).then(
      (module: Record<string, Model>) => module[name]?.getAttributeTypeMap?.(),
      () => undefined,
    )
  models.set(name, reading)
  return reading
}

const listOf = /^(?:Array|Set)<(.*)>$/
const mapOf = /^\{ \[key: string\]: (.*); \}$/

function modelIn(type: string): string | undefined {
  const inside = listOf.exec(type)?.[1] ?? mapOf.exec(type)?.[1]
  if (inside !== undefined) return modelIn(inside)
  return /^(?:[A-Z][a-z]+)?V\d\w*$/.test(type) ? type : undefined
}

function typeOf({ baseName, type, format }: Attribute, owner: string): FieldType {
  if (quantities.has(`${owner}.${baseName}`) || format === 'int-or-string') return 'any'
  if (quantityMaps.has(baseName) && mapOf.test(type)) return { map: 'any' }
  return parseType(type)
}

function parseType(type: string): FieldType {
  const item = listOf.exec(type)?.[1]
  if (item !== undefined) return { list: parseType(item) }
  const value = mapOf.exec(type)?.[1]
  if (value !== undefined) return { map: parseType(value) }
  if (type === 'string' || type === 'number' || type === 'boolean') return type
  if (type === 'Date' || type === 'V1MicroTime') return 'string'
  const model = modelIn(type)
  if (model === undefined) return 'any'
  return { fields: () => known.get(model) ?? {} }
}
