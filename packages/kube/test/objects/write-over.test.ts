import { describe, expect, test } from 'vitest'
import {
  applyOver,
  ensureObjects,
  type Kube,
  KubeError,
  type KubeObject,
  patchOver,
  removeOver,
} from '../../src/index.ts'

const map = (value: string, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'n', ...metadata },
  data: { k: value },
})
const first = map('first', { uid: 'u', resourceVersion: '2' })
const later = map('later', { uid: 'u', resourceVersion: '3' })
const conflict = (causes: { reason: string }[] = []) =>
  new KubeError('it is another', { status: 409, reason: 'Conflict', server: 's', causes })

/** A server on which something is changed right before each of the first writes. */
function serve(live: KubeObject | undefined, ...changes: (KubeObject | undefined)[]) {
  const written: string[] = []
  const meet = (over: KubeObject | 'nothing' | undefined) => {
    if (changes.length > 0) live = changes.shift()
    const version = over === 'nothing' ? undefined : over?.metadata.resourceVersion
    if (version !== live?.metadata.resourceVersion) throw conflict()
  }
  const kube = {
    get: async () => live,
    apply: async (object: KubeObject, { over }: { over?: KubeObject | 'nothing' } = {}) => {
      meet(over)
      written.push(JSON.stringify(object.data))
      return object
    },
    patch: async (_: unknown, body: KubeObject) => {
      meet(body)
      written.push('patched')
      return body
    },
    remove: async (_: unknown, { over }: { over?: KubeObject } = {}) => {
      meet(over)
      written.push('removed')
      return true
    },
  } as unknown as Kube
  return { kube, written }
}

const refuse = (live: KubeObject | undefined) => {
  if (live !== undefined) throw new Error(`it says ${JSON.stringify(live.data)}`)
}
const allow = () => {}

describe('what has changed since it was looked at', () => {
  test.each<[string, (kube: Kube, judge: () => void) => Promise<unknown>]>([
    ['applied', (kube, judge) => applyOver(kube, map('ours'), { seen: first, judge })],
    ['patched', (kube, judge) => patchOver(kube, first, { data: {} }, judge)],
    ['removed', (kube, judge) => removeOver(kube, first, judge)],
  ])('is %s if it may be, and else left', async (_, write) => {
    const allowed = serve(first, later)
    await write(allowed.kube, allow)
    expect(allowed.written).toHaveLength(1)
    const refused = serve(first, later)
    await expect(write(refused.kube, () => refuse(later))).rejects.toThrow('it says {"k":"later"}')
    expect(refused.written).toEqual([])
  })

  test('is judged also where a conflict over a field says that it stays', async () => {
    const kube = {
      get: async () => later,
      apply: () => Promise.reject(conflict([{ reason: 'FieldManagerConflict' }])),
    } as unknown as Kube
    await expect(applyOver(kube, map('ours'), { seen: first, judge: refuse })).rejects.toThrow('it says')
    await expect(applyOver(kube, map('ours'), { seen: first, judge: allow })).rejects.toThrow('it is another')
  })

  test('is not looked at for ever', async () => {
    const versions = Array.from({ length: 20 }, (_, at) =>
      map('x', { uid: 'u', resourceVersion: `${at + 9}` }),
    )
    const { kube, written } = serve(first, ...versions)
    await expect(removeOver(kube, first, allow)).rejects.toThrow('it is another')
    expect(written).toEqual([])
  })

  test('and is gone, is not there to be removed', async () => {
    expect(await removeOver(serve(first, undefined).kube, first, allow)).toBe(false)
  })
})

describe('an object that is to be as stated', () => {
  test('is not made over what another has made meanwhile', async () => {
    const { kube, written } = serve(undefined, map('theirs', { uid: 'v', resourceVersion: '4' }))
    await expect(ensureObjects(kube, [map('ours')])).rejects.toThrow(
      'another has made ConfigMap n/a at this moment',
    )
    expect(written).toEqual([])
  })

  test('is not written over what has taken its place', async () => {
    const { kube, written } = serve(first, map('theirs', { uid: 'v', resourceVersion: '4' }))
    await expect(ensureObjects(kube, [map('ours')])).rejects.toThrow('another has made ConfigMap n/a')
    expect(written).toEqual([])
  })

  test.each([
    ['it was made at once by two', undefined, map('ours', { uid: 'v', resourceVersion: '4' })],
    ['a controller has written it', first, later],
  ])('is so in the end where %s', async (_, before, now) => {
    const { kube, written } = serve(before, now)
    await ensureObjects(kube, [map('ours')])
    expect(written).toEqual(['{"k":"ours"}'])
  })

  test('is left where it may not be changed', async () => {
    const { kube, written } = serve(first)
    await expect(ensureObjects(kube, [map('ours')], refuse)).rejects.toThrow('it says {"k":"first"}')
    expect(written).toEqual([])
  })
})
