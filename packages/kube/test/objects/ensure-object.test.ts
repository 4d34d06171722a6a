import { describe, expect, test } from 'vitest'
import { ensureObjects, type Kube, type KubeObject } from '../../src/index.ts'

const desired: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'n' },
  data: { k: 'v' },
}

async function ensure(actual: KubeObject | undefined): Promise<{ outcome: string; applied: KubeObject[] }> {
  const applied: KubeObject[] = []
  const kube = {
    get: async () => actual,
    apply: async (object: KubeObject) => {
      applied.push(object)
      return object
    },
  } as Pick<Kube, 'get' | 'apply'>
  return { outcome: (await ensureObjects(kube, [desired])).join(), applied }
}

describe('an object that must be as stated', () => {
  test('is created when it is not there', async () => {
    expect(await ensure(undefined)).toEqual({ outcome: 'created', applied: [desired] })
  })

  test('is written when it differs', async () => {
    expect(await ensure({ ...desired, data: { k: 'other' } })).toEqual({
      outcome: 'changed',
      applied: [desired],
    })
  })

  test('is left alone when it has all that is stated, and more', async () => {
    const actual = { ...desired, data: { k: 'v', more: 'x' }, metadata: { ...desired.metadata, uid: 'u' } }
    expect(await ensure(actual)).toEqual({ outcome: 'unchanged', applied: [] })
  })
})
