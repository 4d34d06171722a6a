import { KubeError } from '@meridian/kube'
import { UserError } from '@meridian/runner'
import { summaryFaults } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { explainRefusals, listConflicts, renderConflicts } from '../../src/apply/explain-refusal.ts'

const error = (status: number, causes: KubeError['causes'] = []) =>
  new KubeError(`PATCH https://fed:5443/api: refused with ${status}`, {
    status,
    reason: 'x',
    server: 's',
    causes,
  })
const cause = (field: string, message: string) => ({ reason: 'FieldManagerConflict', field, message })
const conflict = {
  object: 'Deployment shop/web',
  error: error(409, [
    cause('.spec.replicas', 'conflict with "kubectl" using apps/v1'),
    cause(
      '.spec.paused',
      'conflict with "hpa" with subresource "scale" using autoscaling/v2 at 2026-01-01T00:00:00Z',
    ),
  ]),
}

describe('what the federation refuses', () => {
  test('is told field by field, with the owner, where it is a conflict', () => {
    const owners = listConflicts([conflict]).map(({ field, owner }) => `${field} ${owner}`)
    expect(owners).toEqual(['.spec.replicas kubectl (apps/v1)', '.spec.paused hpa (autoscaling/v2)'])
    const told = explainRefusals([conflict]) as UserError
    expect(told.message).toContain("- Deployment shop/web: .spec.replicas is kubectl (apps/v1)'s")
    expect(told.fix).toContain('adopt: true')
    const text = renderConflicts(listConflicts([conflict]))
    expect(text).toContain('<code>kubectl (apps/v1)</code>')
    expect(summaryFaults(`### 🟡 App\n${text}`)).toEqual([])
  })

  test('is told together where it is invalid or forbidden', () => {
    const told = explainRefusals(
      [403, 422].map(status => ({ object: `ConfigMap ${status}`, error: error(status) })),
    )
    expect(told).toBeInstanceOf(UserError)
    expect((told as UserError).message).toContain('- ConfigMap 422: refused with 422')
  })

  test.each<[object: string, field: string, message: string, told: string]>([
    [
      'Job shop/migrate',
      'spec.template',
      'Invalid value: core.PodTemplateSpec{ObjectMeta:v1.ObjectMeta{Name:""}}: field is immutable',
      'spec.template cannot be changed: field is immutable',
    ],
    [
      'StatefulSet shop/db',
      'spec',
      "Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden",
      "spec cannot be changed: updates to statefulset spec for fields other than 'replicas' are forbidden",
    ],
    [
      'PersistentVolumeClaim shop/data',
      'spec',
      'Forbidden: spec is immutable after creation except resources.requests',
      'spec cannot be changed: spec is immutable after creation except resources.requests',
    ],
    [
      'ConfigMap shop/web',
      'data',
      'Forbidden: field is immutable when `immutable` is set',
      'data cannot be changed: field is immutable when `immutable` is set',
    ],
  ])('says what to do where a field keeps its first value: %s', (object, field, message, told) => {
    const causes = [
      { reason: 'FieldValueInvalid', field, message },
      { reason: 'FieldValueRequired', field: 'spec.other', message: 'Required value' },
    ]
    const { message: words, fix } = explainRefusals([{ object, error: error(422, causes) }]) as UserError
    const lines = [`- ${object}: ${told}`, `- ${object}: spec.other: Required value`]
    expect(words.split('\n').slice(1)).toEqual(lines)
    expect(fix).toContain('another name with each version')
  })

  test('gives the command that deletes what cannot be changed', () => {
    const causes = [{ reason: 'FieldValueInvalid', field: 'spec.template', message: 'field is immutable' }]
    const fixOf = (object: string) =>
      (explainRefusals([{ object, error: error(422, causes) }]) as UserError).fix
    expect(fixOf('Job shop/migrate')).toMatch(/: kubectl delete job migrate --namespace shop\.$/)
    expect(fixOf('StorageClass fast')).toMatch(/: kubectl delete storageclass fast\.$/)
  })

  const mistyped = (problems: string) =>
    new KubeError(
      `PATCH https://fed:5443/api: failed to create typed patch object (a/b; v1, Kind=X): ${problems}`,
      {
        status: 500,
        reason: 'Invalid',
        server: 's',
      },
    )

  test('is told field by field where it does not fit the schema, beside all else that is refused', () => {
    const several = 'errors:\n  .spec.a: field not declared in schema\n  .spec.b: expected string, got 1'
    const told = explainRefusals([
      { object: 'Deployment web', error: mistyped(several) },
      { object: 'Service web', error: mistyped('.spec.c: field not declared in schema') },
      { object: 'ConfigMap web', error: error(422) },
      conflict,
    ]) as UserError
    expect(told.message.split('\n')).toEqual([
      'fields that the manifests state belong to others:',
      "- Deployment shop/web: .spec.replicas is kubectl (apps/v1)'s",
      "- Deployment shop/web: .spec.paused is hpa (autoscaling/v2)'s",
      'the federation refuses what the manifests say:',
      '- Deployment web: .spec.a: field not declared in schema',
      '- Deployment web: .spec.b: expected string, got 1',
      '- Service web: .spec.c: field not declared in schema',
      '- ConfigMap web: refused with 422',
    ])
    expect(told.fix).toContain('Correct the manifests')
  })

  test('is left as it is where it is no refusal', () => {
    const [broken, mine] = [error(500), new TypeError('mine')]
    expect(
      explainRefusals([
        { object: 'a', error: error(422) },
        { object: 'b', error: broken },
      ]),
    ).toBe(broken)
    expect(explainRefusals([conflict, { object: 'b', error: mine }])).toBe(mine)
  })
})
