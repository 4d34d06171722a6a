export const object = (properties: object = {}, more: object = {}) => ({
  type: 'object',
  properties,
  ...more,
})
export const text = { type: 'string' }

export const version = (name = 'v1', schema: object | null = object(), more: object = {}) => ({
  name,
  served: true,
  storage: name === 'v1',
  ...(schema ? { schema: { openAPIV3Schema: schema } } : {}),
  ...more,
})

/** A definition that is right but for what is given. */
export const definition = (spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'kites.rules.example.com', ...metadata },
  spec: {
    group: 'rules.example.com',
    scope: 'Namespaced',
    names: { plural: 'kites', kind: 'Kite' },
    versions: [version()],
    ...spec,
  },
})
const names = (given: object) => definition({ names: { plural: 'kites', kind: 'Kite', ...given } })
export const of = (schema: object, more: object = {}) =>
  definition({ versions: [version('v1', schema, more)] })
export const webhook = (client: object | undefined, reviews: readonly string[] = ['v1']) =>
  definition({
    conversion: {
      strategy: 'Webhook',
      webhook: { ...(client ? { clientConfig: client } : {}), conversionReviewVersions: reviews },
    },
  })
export const service = { service: { name: 'a', namespace: 'b' } }
const columns = (column: object) => of(object(), { additionalPrinterColumns: [column] })
const scale = (paths: object) => of(object(), { subresources: { scale: paths } })
const paths = { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' }

/** What is wrong, a definition that has it, and what is told of it: `field Reason`, or `field Reason: why`. */
export type Case = [what: string, refused: object, ...problems: string[]]

export const definitionRefusals: Record<string, readonly Case[]> = {
  'names and versions': [
    ['a name of another form', definition({}, { name: 'other' }), 'metadata.name Invalid'],
    [
      'a group without a dot',
      definition({ group: 'rules' }, { name: 'kites.rules' }),
      'spec.group Invalid: should be a domain with at least one dot',
    ],
    ['no scope', definition({ scope: undefined }), 'spec.scope Required'],
    ['another scope', definition({ scope: 'World' }), 'spec.scope NotSupported'],
    [
      'no kind',
      definition({ names: { plural: 'kites' } }),
      'spec.names.singular Required',
      'spec.names.kind Required',
      'spec.names.listKind Required',
    ],
    [
      'a kind that no name may be',
      names({ kind: 'Kite!' }),
      'spec.names.singular Invalid',
      'spec.names.kind Invalid',
      'spec.names.listKind Invalid',
    ],
    [
      'a list that is called as its items are',
      names({ listKind: 'Kite' }),
      'spec.names.listKind Invalid: kind and listKind may not be the same',
    ],
    [
      'a short name that no name may be',
      names({ shortNames: ['ki', 'K'] }),
      'spec.names.shortNames[1] Invalid',
    ],
    ['a category that no name may be', names({ categories: ['A'] }), 'spec.names.categories[0] Invalid'],
    ['no version', definition({ versions: [] }), 'spec.versions Invalid', 'status.storedVersions Invalid'],
    [
      'two versions that are stored',
      definition({ versions: [version(), version('v2', object(), { storage: true })] }),
      'spec.versions Invalid: must have exactly one version marked as storage version',
      'status.storedVersions Invalid: must have the storage version v2',
    ],
    [
      'no version that is stored',
      definition({ versions: [version('v1', object(), { storage: false })] }),
      'spec.versions Invalid: must have exactly one version marked as storage version',
      'status.storedVersions Invalid',
    ],
    [
      'a version twice',
      definition({ versions: [version(), version('v1', object(), { storage: false })] }),
      'spec.versions Invalid: must contain unique version names',
    ],
    [
      'a version that no name may be',
      definition({ versions: [version('1', object(), { storage: true })] }),
      'spec.versions[0].name Invalid',
      'spec.version Invalid',
    ],
    [
      'a warning of a version that stays',
      of(object(), { deprecationWarning: 'soon' }),
      'spec.versions[0].deprecationWarning Invalid: can only be set for deprecated versions',
    ],
    [
      'versions without a schema',
      definition({ versions: [version('v1', null)] }),
      'spec.versions[0].schema.openAPIV3Schema Required',
    ],
    [
      'a group of Kubernetes',
      definition({ group: 'rules.k8s.io' }, { name: 'kites.rules.k8s.io' }),
      'metadata.annotations[api-approved.kubernetes.io] Required',
    ],
    [
      'unknown fields that are kept everywhere',
      definition({ preserveUnknownFields: true }),
      'spec.preserveUnknownFields Invalid: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ],
  ],
  conversions: [
    [
      'another way',
      definition({ conversion: { strategy: 'Magic' } }),
      'spec.conversion.strategy NotSupported',
    ],
    [
      'a webhook that is not named',
      definition({ conversion: { strategy: 'Webhook' } }),
      'spec.conversion.webhookClientConfig Required: required when strategy is set to Webhook',
      'spec.conversion.conversionReviewVersions Required',
    ],
    [
      'a webhook without an address',
      webhook({}),
      'spec.conversion.webhookClientConfig Required: exactly one of url or service is required',
    ],
    [
      'a webhook that speaks what nobody does',
      webhook(service, ['v9']),
      'spec.conversion.conversionReviewVersions Invalid: must include at least one of v1, v1beta1',
    ],
    [
      'a webhook that says it twice',
      webhook(service, ['v1', 'v1']),
      'spec.conversion.conversionReviewVersions[1] Invalid: duplicate version',
    ],
    [
      'a webhook that is not asked',
      definition({
        conversion: {
          strategy: 'None',
          webhook: { clientConfig: service, conversionReviewVersions: ['v1'] },
        },
      }),
      'spec.conversion.webhookClientConfig Forbidden: should not be set when strategy is not set to Webhook',
      'spec.conversion.conversionReviewVersions Forbidden: should not be set when strategy is not set to Webhook',
    ],
  ],
  'columns, scales and selections': [
    [
      'a column without anything',
      columns({ name: '', type: '', jsonPath: '' }),
      'spec.additionalPrinterColumns[0].name Required',
      'spec.additionalPrinterColumns[0].type Required: must be one of boolean,date,integer,number,string',
      'spec.additionalPrinterColumns[0].JSONPath Required',
    ],
    [
      'a column of another type',
      columns({ name: 'A', type: 'text', jsonPath: '.spec' }),
      'spec.additionalPrinterColumns[0].type Invalid: must be one of boolean,date,integer,number,string',
    ],
    [
      'a column of another format',
      columns({ name: 'A', type: 'string', format: 'x', jsonPath: '.spec' }),
      'spec.additionalPrinterColumns[0].format Invalid: must be one of byte,date,date-time,double,float,int32,int64,password',
    ],
    [
      'a column without a path',
      columns({ name: 'A', type: 'string', jsonPath: 'spec' }),
      'spec.additionalPrinterColumns[0].JSONPath Invalid: must be a simple json path starting with .',
    ],
    [
      'a scale outside the spec',
      scale({ ...paths, specReplicasPath: '.status.size' }),
      'spec.subresources.scale.specReplicasPath Invalid: should be a json path under .spec',
    ],
    [
      'a scale without a status',
      scale({ specReplicasPath: '.spec.size', statusReplicasPath: '' }),
      'spec.subresources.scale.statusReplicasPath Required',
    ],
    [
      'a selector of a scale elsewhere',
      scale({ ...paths, labelSelectorPath: '.metadata.x' }),
      'spec.subresources.scale.labelSelectorPath Invalid: should be a json path under either .spec or .status',
    ],
    [
      'a selection of what there is not',
      of(object(), { selectableFields: [{ jsonPath: '.spec.x' }] }),
      'spec.selectableFields[0].jsonPath Invalid',
    ],
    [
      'a selection of what is no word',
      of(object({ spec: object({ x: { type: 'number' } }) }), {
        selectableFields: [{ jsonPath: '.spec.x' }],
      }),
      'spec.selectableFields[0].jsonPath Invalid: must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
    ],
    [
      'a selection twice',
      of(object({ spec: object({ x: text }) }), {
        selectableFields: [{ jsonPath: '.spec.x' }, { jsonPath: '.spec.x' }],
      }),
      'spec.selectableFields[1].jsonPath Duplicate',
    ],
  ],
}
