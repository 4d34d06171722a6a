import { type Case, definition, object, of, text, version } from './definition-refusals.ts'

const list = (type: string, items: object, more: object = {}) =>
  object({ spec: { type: 'array', 'x-kubernetes-list-type': type, items, ...more } })
const inSchema = (place: string) => `spec.validation.openAPIV3Schema${place}`
const spec = '.properties[spec]'

/** What is wrong with schemas of definitions. */
export const schemaRefusals: Record<string, readonly Case[]> = {
  'what a schema is': [
    [
      'a root without a type',
      of({ properties: {} }),
      `${inSchema('.type')} Required: must not be empty at the root`,
    ],
    [
      'a root that is no object',
      of({ type: 'string' }),
      `${inSchema('.type')} Invalid: must be object at the root`,
    ],
    [
      'an open root',
      of({ type: 'object', additionalProperties: text }),
      `${inSchema('.additionalProperties')} Forbidden: must not be used at the root`,
    ],
    [
      'a root that may be null',
      of(object({}, { nullable: true })),
      `${inSchema('.nullable')} Forbidden: nullable cannot be true at the root`,
    ],
    [
      'a field without a type',
      of(object({ spec: {} })),
      `${inSchema(spec)}.type Required: must not be empty for specified object fields`,
    ],
    [
      'items without a type',
      of(object({ spec: { type: 'array', items: {} } })),
      `${inSchema(spec)}.items.type Required: must not be empty for specified array items`,
    ],
    [
      'a list of nothing',
      of(object({ spec: { type: 'array' } })),
      `${inSchema(spec)}.items Required: must be specified`,
    ],
    ['a type that is none', of(object({ spec: { type: 'text' } })), `${inSchema(spec)}.type NotSupported`],
    [
      'a field with fields and any others',
      of(object({ spec: object({ a: text }, { additionalProperties: text }) })),
      `${inSchema(spec)}.additionalProperties Forbidden: additionalProperties and properties are mutual exclusive`,
    ],
    [
      'a type in a restriction',
      of(object({ spec: object({ a: text }, { anyOf: [{ properties: { a: { type: 'string' } } }] }) })),
      `${inSchema(spec)}.anyOf[0].properties[a].type Forbidden: must be empty to be structural`,
    ],
    [
      'a restriction of what there is not',
      of(object({}, { anyOf: [{ properties: { a: { minLength: 1 } } }] })),
      `${inSchema('.properties[a]')} Required: because it is defined in ${inSchema('.anyOf[0].properties[a]')}`,
    ],
    [
      'a description in a restriction',
      of(
        object({
          spec: object({ a: text }, { not: { description: 'x', properties: { a: { minLength: 1 } } } }),
        }),
      ),
      `${inSchema(spec)}.not.description Forbidden: must be empty to be structural`,
    ],
    [
      'metadata of its own',
      of(object({ metadata: object({ labels: object() }) })),
      `${inSchema('.properties[metadata]')} Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified`,
    ],
    [
      'an embedded object that is none',
      of(object({ spec: { type: 'string', 'x-kubernetes-embedded-resource': true } })),
      `${inSchema(spec)}.properties Required: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields`,
      `${inSchema(spec)}.type Invalid: must be object if x-kubernetes-embedded-resource is true`,
    ],
    [
      'a number or text that keeps all',
      of(
        object({
          spec: { 'x-kubernetes-int-or-string': true, 'x-kubernetes-preserve-unknown-fields': true },
        }),
      ),
      `${inSchema(spec)}.x-kubernetes-preserve-unknown-fields Invalid: must be false if x-kubernetes-int-or-string is true`,
    ],
    [
      'unknown fields that are not kept',
      of(object({ spec: object({}, { 'x-kubernetes-preserve-unknown-fields': false }) })),
      `${inSchema(spec)}.x-kubernetes-preserve-unknown-fields Invalid: must be true or undefined`,
    ],
    [
      'items that are all different',
      of(object({ spec: { type: 'array', items: text, uniqueItems: true } })),
      `${inSchema(spec)}.uniqueItems Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`,
    ],
    [
      'a pattern that is none',
      of(object({ spec: { type: 'string', pattern: '(' } })),
      `${inSchema(spec)}.pattern Invalid`,
    ],
    [
      'a restriction at the root beside a status',
      of(object({}, { minProperties: 1 }), { subresources: { status: {} } }),
      `${inSchema('')} Invalid`,
    ],
    [
      'schemas that differ, each by its version',
      definition({ versions: [version(), version('v2', object({ spec: {} }))] }),
      'spec.versions[1].schema.openAPIV3Schema.properties[spec].type Required: must not be empty for specified object fields',
    ],
  ],
  'lists and maps': [
    [
      'a list type of what is no list',
      of(object({ spec: { type: 'string', 'x-kubernetes-list-type': 'set' } })),
      `${inSchema(spec)}.type Invalid: must be array if x-kubernetes-list-type is specified`,
    ],
    [
      'a map type of what is no map',
      of(object({ spec: { type: 'string', 'x-kubernetes-map-type': 'atomic' } })),
      `${inSchema(spec)}.type Invalid: must be object if x-kubernetes-map-type is specified`,
    ],
    [
      'a list type that is none',
      of(list('bag', text)),
      `${inSchema(spec)}.x-kubernetes-list-type NotSupported`,
    ],
    [
      'a set of objects',
      of(list('set', object())),
      `${inSchema(spec)}.items.x-kubernetes-map-type Invalid: must be atomic as item of a list with x-kubernetes-list-type=set`,
    ],
    [
      'keys of what is not keyed',
      of(list('set', text, { 'x-kubernetes-list-map-keys': ['a'] })),
      `${inSchema(spec)}.x-kubernetes-list-type Invalid: must be map if x-kubernetes-list-map-keys is non-empty`,
    ],
    [
      'a keyed list without keys',
      of(list('map', object({ a: text }))),
      `${inSchema(spec)}.x-kubernetes-list-map-keys Required: must not be empty if x-kubernetes-list-type is map`,
    ],
    [
      'a keyed list of texts',
      of(list('map', text, { 'x-kubernetes-list-map-keys': ['a'] })),
      `${inSchema(spec)}.items.type Invalid: must be object if parent array's x-kubernetes-list-type is map`,
    ],
    [
      'a key that is no field',
      of(list('map', object({ b: text }), { 'x-kubernetes-list-map-keys': ['a'] })),
      `${inSchema(spec)}.x-kubernetes-list-map-keys Invalid: entries must all be names of item properties`,
    ],
    [
      'a key that may be missing',
      of(list('map', object({ a: text }), { 'x-kubernetes-list-map-keys': ['a'] })),
      `${inSchema(spec)}.items.properties[a].default Required: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
    ],
    [
      'a key that is a list',
      of(
        list('map', object({ a: { type: 'array', items: text } }, { required: ['a'] }), {
          'x-kubernetes-list-map-keys': ['a'],
        }),
      ),
      `${inSchema(spec)}.items.properties[a].type Invalid: must be a scalar type if parent array's x-kubernetes-list-type is map`,
    ],
  ],
  'defaults and rules': [
    [
      'a default of another type',
      of(object({ spec: { type: 'integer', default: 'x' } })),
      `${inSchema(spec)}.default TypeInvalid`,
    ],
    [
      'a default with a field that there is not',
      of(object({ spec: object({ a: text }, { default: { b: 'x' } }) })),
      `${inSchema(spec)}.default Invalid: must not have unknown fields`,
    ],
    [
      'a rule without a rule',
      of(object({ spec: object({}, { 'x-kubernetes-validations': [{ rule: ' ' }] }) })),
      `${inSchema(spec)}.x-kubernetes-validations[0].rule Required: rule is not specified`,
    ],
    [
      'a rule of two lines without a message',
      of(object({ spec: object({}, { 'x-kubernetes-validations': [{ rule: 'true ||\nfalse' }] }) })),
      `${inSchema(spec)}.x-kubernetes-validations[0].message Required: message must be specified if rule contains line breaks`,
    ],
  ],
}
