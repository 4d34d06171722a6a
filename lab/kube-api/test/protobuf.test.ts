import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { describe, expect, test } from 'vitest'
import { decodeObject, UnknownMessage } from '../protobuf/decode-object.ts'
import { envelopeMessage, findMessage } from '../protobuf/definitions.ts'

/** A body as a Go client sends it, of fields by their names in the definitions. */
function bodyOf(apiVersion: string, kind: string, fields: object): Buffer {
  const message = findMessage(apiVersion, kind)
  if (!message) throw new Error(`no message for ${kind}`)
  const raw = message.encode(message.fromObject(fields)).finish()
  const envelope = envelopeMessage()
  const wrapped = envelope.encode({ typeMeta: { apiVersion, kind }, raw }).finish()
  return Buffer.concat([Buffer.from('k8s\0'), wrapped])
}

describe('a StatefulSet that karmadactl 1.18.2 has sent', () => {
  const set = decodeObject(readFileSync(join(import.meta.dirname, 'karmadactl-statefulset.pb')))
  const pod = valueAt(set, 'spec', 'template', 'spec')

  test('is of its kind and has its name', () => {
    expect(set).toMatchObject({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'etcd', namespace: 'karmada-system' },
    })
  })

  test('has volumes whose source stands beside their name, an empty one too', () => {
    expect(listAt(pod, 'volumes')).toEqual([
      { name: 'etcd-cert', secret: { secretName: 'etcd-cert' } },
      { name: 'etcd-config', emptyDir: {} },
    ])
  })

  test('has probes with numbers where a port may be a number or a name', () => {
    expect(valueAt(pod, 'containers', 0, 'livenessProbe')).toEqual({
      httpGet: { path: '/livez', port: 2381, scheme: 'HTTP' },
      initialDelaySeconds: 60,
      timeoutSeconds: 5,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    })
  })

  test('has variables from fields of the pod, and false where it was set', () => {
    expect(textAt(pod, 'containers', 0, 'env', 1, 'valueFrom', 'fieldRef', 'fieldPath')).toBe('status.podIP')
    expect(valueAt(pod, 'automountServiceAccountToken')).toBe(false)
  })

  test('has claims with quantities as text', () => {
    expect(valueAt(set, 'spec', 'volumeClaimTemplates', 0, 'spec', 'resources', 'requests')).toEqual({
      storage: '5Gi',
    })
  })

  test('has none of the fields that Go writes as zeros for want of a value', () => {
    expect(Object.keys(valueAt(set, 'metadata') as object)).toEqual(['name', 'namespace', 'labels'])
    expect(pod).not.toHaveProperty('hostNetwork')
  })
})

describe('a body in protobuf', () => {
  const decoded = (apiVersion: string, kind: string, fields: object) =>
    decodeObject(bodyOf(apiVersion, kind, fields))

  test('keeps a zero that is a value of its own', () => {
    expect(decoded('apps/v1', 'Deployment', { spec: { replicas: 0, minReadySeconds: 0 } })).toMatchObject({
      spec: { replicas: 0 },
    })
    expect(decoded('apps/v1', 'Deployment', { spec: { minReadySeconds: 0 } })).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
    })
  })

  test.each([
    ['a whole second', { seconds: 1_767_225_600 }, '2026-01-01T00:00:00Z'],
    ['the beginning of time in Go, which is none', {}, undefined],
  ])('has times of %s', (_what, creationTimestamp, text) => {
    expect(valueAt(decoded('v1', 'Pod', { metadata: { name: 'a', creationTimestamp } }), 'metadata')).toEqual(
      {
        name: 'a',
        ...(text && { creationTimestamp: text }),
      },
    )
  })

  test('has the schema of a definition by its names in JSON', () => {
    const schema = {
      type: 'object',
      xKubernetesPreserveUnknownFields: true,
      additionalProperties: { allows: false },
      items: { schema: {} },
      default: { raw: Buffer.from('{"a":[1]}').toString('base64') },
      ref: '#/a',
    }
    const versions = [{ name: 'v1', served: false, schema: { openAPIV3Schema: schema } }]
    const definition = decoded('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { spec: { versions } })
    expect(valueAt(definition, 'spec', 'versions', 0)).toMatchObject({
      served: false,
      schema: {
        openAPIV3Schema: {
          type: 'object',
          'x-kubernetes-preserve-unknown-fields': true,
          additionalProperties: false,
          items: {},
          default: { a: [1] },
          $ref: '#/a',
        },
      },
    })
  })

  test('has the options of a deletion, whatever group they are sent for', () => {
    expect(decoded('apps/v1', 'DeleteOptions', { propagationPolicy: 'Orphan' })).toMatchObject({
      propagationPolicy: 'Orphan',
    })
  })

  test.each([
    ['of a kind that Kubernetes does not have', bodyOfUnknown()],
    ['outside of its envelope', Buffer.from('{}')],
  ])('%s is refused', (_what, body) => {
    expect(() => decodeObject(body)).toThrow(UnknownMessage)
  })
})

function bodyOfUnknown(): Buffer {
  const typeMeta = { apiVersion: 'example.com/v1', kind: 'Ship' }
  return Buffer.concat([Buffer.from('k8s\0'), envelopeMessage().encode({ typeMeta }).finish()])
}
