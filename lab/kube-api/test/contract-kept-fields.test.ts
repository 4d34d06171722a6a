import { expect, test } from 'vitest'
import { describeContract } from './contract.ts'
import { pathOf, validObjects, withValue } from './kinds.ts'
import type { Refusal } from './refusals.ts'

const updates: readonly Refusal[] = [
  [
    'deployments',
    'spec.selector.matchLabels',
    { app: 'web', tier: 'a' },
    'spec.selector: Invalid value: {"matchLabels":{"app":"web","tier":"a"}}: field is immutable',
  ],
  [
    'statefulsets',
    'spec.serviceName',
    'other',
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  ],
  ['jobs', 'spec.completions', 3, 'spec.completions: Invalid value: 3: field is immutable'],
  [
    'services',
    'spec.clusterIP',
    '100.64.0.77',
    'spec.clusterIPs[0]: Invalid value: ["100.64.0.77"]: may not change once set',
  ],
  ['secrets', 'type', 'example.com/other', 'type: Invalid value: "example.com/other": field is immutable'],
  [
    'storageclasses',
    'provisioner',
    'other.example.com',
    'provisioner: Forbidden: updates to provisioner are forbidden.',
  ],
  ['priorityclasses', 'value', 11, 'value: Forbidden: may not be changed in an update.'],
]

describeContract('fields that are kept', server => {
  test.each(updates)('%s: a later %s = %j is refused', async (plural, path, value, problem) => {
    const name = `${plural}-kept`
    const made = withValue(validObjects[plural], 'metadata.name', name)
    const { body } = await server.call('POST', pathOf(plural), { body: made })
    const change = plural === 'services' ? { clusterIPs: [value] } : {}
    const changed = withValue(withValue(body, path, value), 'spec', {
      ...(withValue(body, path, value) as { spec?: object }).spec,
      ...change,
    })
    const answer = await server.call('PUT', `${pathOf(plural)}/${name}`, {
      body: body.spec === undefined ? withValue(body, path, value) : changed,
    })
    expect(answer.status).toBe(422)
    expect(answer.body.message).toContain(problem)
  })

  test('what is frozen stays as it is', async () => {
    const made = { ...validObjects.configmaps, metadata: { name: 'frozen' }, immutable: true }
    const { body } = await server.call('POST', pathOf('configmaps'), { body: made })
    const thawed = { ...body, immutable: false, data: { a: 'c' } }
    const answer = await server.call('PUT', `${pathOf('configmaps')}/frozen`, { body: thawed })
    expect(answer.body.message).toBe(
      'ConfigMap "frozen" is invalid: [immutable: Forbidden: field is immutable when `immutable` is set, data: Forbidden: field is immutable when `immutable` is set]',
    )
  })

  test('the template of a Job that runs stays as it is', async () => {
    const made = withValue(validObjects.jobs, 'metadata.name', 'begun')
    const { body } = await server.call('POST', pathOf('jobs'), { body: made })
    const changed = withValue(body, 'spec.template.spec.containers.0.image', 'nginx:1.28')
    const answer = await server.call('PUT', `${pathOf('jobs')}/begun`, { body: changed })
    expect(answer.body.message).toMatch(
      /^Job.batch "begun" is invalid: spec.template: Invalid value: .*: field is immutable$/,
    )
  })

  test('a role is not changed in a binding', async () => {
    const made = withValue(validObjects.rolebindings, 'metadata.name', 'bound')
    const { body } = await server.call('POST', pathOf('rolebindings'), { body: made })
    const answer = await server.call('PUT', `${pathOf('rolebindings')}/bound`, {
      body: withValue(body, 'roleRef.name', 'other'),
    })
    expect(answer.body.message).toMatch(/roleRef: Invalid value: .*: cannot change roleRef$/)
  })

  test('the image of a pod may change, its command may not', async () => {
    const made = withValue(validObjects.pods, 'metadata.name', 'steady')
    const { body } = await server.call('POST', pathOf('pods'), { body: made })
    const path = `${pathOf('pods')}/steady`
    const other = await server.call('PUT', path, {
      body: withValue(body, 'spec.containers.0.command', ['sh']),
    })
    expect(other.body.message).toContain('spec: Forbidden: pod updates may not change fields other than')
    const image = await server.call('PUT', path, {
      body: withValue(body, 'spec.containers.0.image', 'nginx:2'),
    })
    expect(image.status).toBe(200)
  })

  test('the whole of a claim stays as it is', async () => {
    const made = withValue(validObjects.persistentvolumeclaims, 'metadata.name', 'claimed')
    const { body } = await server.call('POST', pathOf('persistentvolumeclaims'), { body: made })
    const answer = await server.call('PUT', `${pathOf('persistentvolumeclaims')}/claimed`, {
      body: withValue(body, 'spec.accessModes', ['ReadOnlyMany']),
    })
    expect(answer.body.message).toContain(
      'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
    )
  })
})
