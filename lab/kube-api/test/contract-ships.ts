export const shipsPath = '/apis/contract.example.com/v1/namespaces/default/ships'

const text = { type: 'string' }
const integer = { type: 'integer' }

/** A custom resource with every way to merge: fields, a set, a keyed list, an atomic map and an open one. */
export const shipDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'ships.contract.example.com' },
  spec: {
    group: 'contract.example.com',
    scope: 'Namespaced',
    names: { plural: 'ships', singular: 'ship', kind: 'Ship', listKind: 'ShipList', shortNames: ['sh'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' },
        },
        additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  size: integer,
                  captain: text,
                  tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
                  holds: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: { name: text, weight: integer },
                    },
                  },
                  box: { type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: text },
                  notes: { type: 'object', additionalProperties: text },
                },
              },
              status: { type: 'object', properties: { size: integer } },
            },
          },
        },
      },
    ],
  },
}
