import { expect, test } from 'vitest'
import { type Kube, KubeError, type KubeObject, type ObjectRef, readObjects } from '../../src/index.ts'

const labels = { owner: 'us' }
const map = (name: string, own = true): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', ...(own && { labels }) },
})
const refs = (...names: string[]): ObjectRef[] =>
  names.map(name => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name }))

/** A server that holds these objects, and what it was asked. */
function serve(objects: readonly KubeObject[], refuse?: (call: string) => KubeError | undefined) {
  const asked: string[] = []
  const ask = (call: string) => {
    asked.push(call)
    const error = refuse?.(call)
    if (error) throw error
  }
  const kube = {
    get: async (ref: ObjectRef) => {
      ask(`get ${ref.name}`)
      return objects.find(({ metadata }) => metadata.name === ref.name)
    },
    list: async (_: object, how: Parameters<Kube['list']>[1] = {}) => {
      ask(how.labels ? 'list own' : `list ${how.only ?? 'all'}`)
      return objects.filter(({ metadata }) => how.labels === undefined || metadata.labels !== undefined)
    },
  } as Pick<Kube, 'get' | 'list'>
  return { kube, asked }
}

const namesOf = (found: readonly (KubeObject | undefined)[]) => found.map(each => each?.metadata.name)

test('many objects of ours take one request, and come in the order asked for', async () => {
  const { kube, asked } = serve(['a', 'b', 'c', 'd', 'e'].map(name => map(name)))
  expect(namesOf(await readObjects(kube, refs('e', 'b', 'd', 'a'), labels))).toEqual(['e', 'b', 'd', 'a'])
  expect(asked).toEqual(['list own'])
})

test('many that are not there take two', async () => {
  const { kube, asked } = serve([map('z')])
  expect(namesOf(await readObjects(kube, refs('a', 'b', 'c', 'd'), labels))).toEqual(Array(4))
  expect(asked).toEqual(['list own', 'list metadata'])
})

test('what is there without our labels is found by its name', async () => {
  const { kube, asked } = serve([map('a'), map('c', false)])
  const found = await readObjects(kube, refs('a', 'b', 'c', 'd', 'e'), labels)
  expect(namesOf(found)).toEqual(['a', undefined, 'c', undefined, undefined])
  expect(asked).toEqual(['list own', 'list metadata', 'get c'])
})

test('few are asked for one by one: a list may hold thousands of others', async () => {
  const { kube, asked } = serve([map('a')])
  await readObjects(kube, refs('a', 'b'), labels)
  expect(asked).toEqual(['get a', 'get b'])
})

test('of few it can be said from how many on a list is better', async () => {
  const { kube, asked } = serve([map('a'), map('b')])
  expect(namesOf(await readObjects(kube, refs('a', 'b'), labels, { few: 1 }))).toEqual(['a', 'b'])
  expect(asked).toEqual(['list own'])
})

test('objects of other kinds and places are not mistaken for each other', async () => {
  const { kube } = serve([])
  const both: ObjectRef[] = [...refs('a'), { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'a' }]
  kube.get = async ref => ({ ...map(ref.name), kind: ref.kind }) as never
  expect((await readObjects(kube, both, labels)).map(each => each?.kind)).toEqual(['ConfigMap', 'Secret'])
})

const error = (status: number, reason: string) => new KubeError('no', { status, reason, server: 'fed' })

test('who may not list is answered one by one', async () => {
  const { kube } = serve([map('a')], call => (call.startsWith('list') ? error(403, 'Forbidden') : undefined))
  expect(namesOf(await readObjects(kube, refs('a', 'b', 'c', 'd'), labels))).toEqual(['a', ...Array(3)])
})

test('of a kind that is not served there is nothing; any other error is told', async () => {
  for (const names of [['a'], ['a', 'b', 'c', 'd']]) {
    const unknown = serve([], () => error(404, 'UnknownKind'))
    expect(namesOf(await readObjects(unknown.kube, refs(...names), labels))).toEqual(Array(names.length))
    const broken = serve([], () => error(500, 'InternalError'))
    await expect(readObjects(broken.kube, refs(...names), labels)).rejects.toThrow('no')
  }
})
