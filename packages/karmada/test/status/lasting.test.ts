import { describe, expect, test } from 'vitest'
import { bindingStatus } from '../../src/index.ts'
import { bind, expected, item, yes } from '../bindings.ts'

/** What lasts in each cluster, where Japan reports a failure to apply in these words. */
const lastingOf = (words: string, spec: object = {}) => {
  const late = item('jpn', {
    applied: false,
    appliedMessage: `Failed to apply all manifests (0/1): ${words}`,
  })
  const binding = bind({ spec, status: { aggregatedStatus: [item('usa'), item('eur'), late] } })
  return bindingStatus(binding, expected).regions.map(({ lasting }) => lasting)
}
const taken =
  'resource(kind=Service, shop/web) already exists in the cluster jpn and the work.karmada.io/conflict-resolution strategy value is empty, Karmada will not manage this resource'

describe('what a member has not applied', () => {
  test.each<[what: string, words: string]>([
    ['its cache has not seen yet what is there', 'services "web" already exists'],
    ['it is lost for now', 'dial tcp 10.0.0.1:443: connect: connection refused'],
    [
      'somebody has written it at the same time',
      'Operation cannot be fulfilled on services "web": the object has been modified',
    ],
    [
      'its rights may be on the way',
      'deployments.apps is forbidden: User "system:serviceaccount:karmada-cluster:jpn" cannot create resource',
    ],
    [
      'a quota may have room again',
      'pods "web" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2',
    ],
    [
      'its namespace is going',
      'services "web" is forbidden: unable to create new content in namespace shop because it is being terminated',
    ],
    ['its namespace is not there yet', 'namespaces "shop" not found'],
    [
      'a webhook does not answer',
      'Internal error occurred: failed calling webhook "validate.nginx.ingress.kubernetes.io": no endpoints available',
    ],
    ['its kind is not served yet', 'the server could not find the requested resource'],
  ])('is waited for: %s', (_, words) => {
    expect(lastingOf(words)).toEqual([undefined, undefined, undefined])
  })

  test.each<[what: string, words: string]>([
    [
      'its content',
      'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      'a change of what cannot be changed',
      'Job.batch "web" is invalid: spec.template: Invalid value: core.PodTemplateSpec{}: field is immutable',
    ],
    [
      'its shape',
      'Service in version "v1" cannot be handled as a Service: json: cannot unmarshal string into Go struct field',
    ],
    ['it by a webhook', 'admission webhook "policy.example.com" denied the request: no owner label'],
    [
      'it by a policy',
      "services \"web\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no",
    ],
    [
      'a bare Pod',
      'pods "web" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
    ],
  ])('lasts, where the member refuses %s', (_, words) => {
    expect(lastingOf(words)).toEqual([undefined, undefined, 'refused'])
  })

  test('lasts, where it is another’s, until the policy says to take it over', () => {
    expect(lastingOf(taken)).toEqual([undefined, undefined, 'taken'])
    expect(lastingOf(taken, { conflictResolution: 'Overwrite' })).toEqual([undefined, undefined, undefined])
  })

  test('is not judged by what a member has said that is away by now', () => {
    const late = item('jpn', { applied: false, appliedMessage: taken })
    const binding = bind({ status: { aggregatedStatus: [item('usa'), item('eur'), late] } })
    const { regions } = bindingStatus(binding, { ...expected, unready: { jpn: 'is not ready' } })
    expect([regions[2]?.reason, regions[2]?.lasting]).toEqual(['is not ready', undefined])
  })
})

describe('a member that somebody keeps new work off', () => {
  const barred = { jpn: 'it is tainted cluster.karmada.io/unschedulable:NoSchedule' }

  test('is passed over for good, and nothing is divided anew for it', () => {
    const clusters = ['usa', 'eur'].map(name => ({ name, replicas: 3 }))
    const status = bindingStatus(bind({ spec: { clusters } }), { ...expected, barred })
    expect(status).toMatchObject({ done: false, unbalanced: false, missed: [] })
    expect(status.regions[2]).toMatchObject({
      reason: `the scheduler passed it over: ${barred.jpn}`,
      lasting: 'barred',
    })
  })

  test('keeps what it has, and may get a new version', () => {
    expect(bindingStatus(bind(), { ...expected, barred }).done).toBe(true)
  })

  test('is told where nothing else is left', () => {
    const scheduled = {
      type: 'Scheduled',
      status: 'False',
      reason: 'NoClusterFit',
      message: '0/3 clusters are available',
    }
    const binding = bind({ spec: { clusters: [] }, status: { conditions: [scheduled, yes('FullyApplied')] } })
    const status = bindingStatus(binding, { ...expected, clusters: ['jpn'], weights: { jpn: 1 }, barred })
    expect(status).toMatchObject({ missed: [], regions: [{ cluster: 'jpn', lasting: 'barred' }] })
  })
})
