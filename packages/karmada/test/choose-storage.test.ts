import type { KubeObject } from '@meridian/kube'
import { expect, test } from 'vitest'
import { chooseStorage } from '../src/index.ts'

const classOf = (name: string, annotations: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name, annotations },
})
const byDefault = { 'storageclass.kubernetes.io/is-default-class': 'true' }
const host = (...classes: KubeObject[]) => ({ context: 'usa', list: async () => classes as never[] })

test("etcd's volume is of the default class", async () => {
  const found = chooseStorage(host(classOf('gp2'), classOf('gp3', byDefault)), 'pvc')
  expect(await found).toEqual({ mode: 'pvc', storageClass: 'gp3' })
})

test('without a volume no class is looked for', async () => {
  expect(await chooseStorage(host(), 'empty-dir')).toEqual({ mode: 'empty-dir' })
})

test.each([
  [
    'of which none is the default',
    [classOf('gp2')],
    'only gp2',
    'kubectl --context=usa annotate storageclass gp2 storageclass.kubernetes.io/is-default-class=true',
  ],
  ['of which there is none', [], 'and no other', 'etcd-storage to empty-dir'],
])('classes %s are told, with what to do', async (_, classes, what, fix) => {
  await expect(chooseStorage(host(...classes), 'pvc')).rejects.toMatchObject({
    message: expect.stringContaining(what),
    fix: expect.stringContaining(fix),
  })
})
