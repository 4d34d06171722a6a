import { listAt, textAt } from '@meridian/lab-world/json'
import { expect, test } from 'vitest'
import { describeContract } from './contract.ts'

const services = '/apis/apiregistration.k8s.io/v1/apiservices'
const service = { name: 'kites', namespace: 'default' }
const registration = (spec: object = {}, name = 'v1.registered.example.com') => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name },
  spec: {
    group: 'registered.example.com',
    version: 'v1',
    groupPriorityMinimum: 1000,
    versionPriority: 15,
    service,
    insecureSkipTLSVerify: true,
    ...spec,
  },
})
const local = { service: undefined, insecureSkipTLSVerify: undefined }
const positive = (most: number) => `must be positive and less than ${most}`

describeContract('APIServices', server => {
  test.each<[string, object, ...string[]]>([
    [
      'a name of another form',
      registration({}, 'other'),
      'metadata.name: Invalid value: "other": must be `spec.version+"."+spec.group`: "v1.registered.example.com"',
    ],
    [
      'no group',
      registration({ group: '', version: 'v2' }, 'v2.'),
      'spec.group: Required value: only v1 may have an empty group and it better be legacy kube',
    ],
    [
      'no priorities',
      registration({ groupPriorityMinimum: 0, versionPriority: 1001 }),
      `spec.groupPriorityMinimum: Invalid value: 0: ${positive(20000)}`,
      `spec.versionPriority: Invalid value: 1001: ${positive(1000)}`,
    ],
    [
      'a service without an address',
      registration({ service: {} }),
      'spec.service.namespace: Required value',
      'spec.service.name: Required value',
    ],
    [
      'a port that is none',
      registration({ service: { ...service, port: 70000 } }),
      'spec.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive',
    ],
    [
      'trust in two ways',
      registration({ caBundle: 'YQ==' }),
      'spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present',
    ],
    [
      'trust in nobody',
      registration({ ...local, caBundle: 'YQ==' }),
      'spec.caBundle: Invalid value: "1 bytes": local APIServices may not have a caBundle',
    ],
  ])('are refused for %s', async (_, body, ...problems) => {
    const answer = await server.call('POST', `${services}?dryRun=All`, { body })
    const told = listAt(answer.body, 'details', 'causes').map(
      cause => `${textAt(cause, 'field')}: ${textAt(cause, 'message')}`,
    )
    expect([answer.status, told]).toEqual([422, problems])
  })

  test('without a service are available at once', async () => {
    const { body } = await server.call('POST', `${services}?dryRun=All`, { body: registration(local) })
    expect(listAt(body, 'status', 'conditions')).toMatchObject([
      {
        type: 'Available',
        status: 'True',
        reason: 'Local',
        message: 'Local APIServices are always available',
      },
    ])
  })

  test('ask at port 443', async () => {
    const { body } = await server.call('POST', `${services}?dryRun=All`, { body: registration() })
    expect(textAt(body, 'spec', 'service', 'port')).toBe('443')
  })
})
