import type { KubeObject } from '@meridian/kube'
import { expect, test } from 'vitest'
import { chooseStorage } from '../../src/index.ts'

const classOf = (
  name: string,
  annotations: Record<string, string> = {},
  provisioner = 'ebs.csi.aws.com',
) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name, annotations },
  provisioner,
})
const byDefault = { 'storageclass.kubernetes.io/is-default-class': 'true' }
const driver = { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: 'ebs.csi.aws.com' } }
const hostWith = (...objects: KubeObject[]) => ({
  context: 'usa',
  list: async ({ kind }: { kind: string }) => objects.filter(object => object.kind === kind) as never[],
})
const host = (...classes: KubeObject[]) => hostWith(driver, ...classes)

test("etcd's volume is of the default class", async () => {
  const found = chooseStorage(host(classOf('gp2'), classOf('gp3', byDefault)), 'pvc')
  expect(await found).toEqual({ mode: 'pvc', storageClass: 'gp3' })
})

test.each(['kubernetes.io/aws-ebs', 'ebs.csi.aws.com'])(
  'a class of %s, for whose volumes there is no driver, is told',
  async provisioner => {
    await expect(
      chooseStorage(hostWith(classOf('gp2', byDefault, provisioner)), 'pvc'),
    ).rejects.toMatchObject({
      message: 'the default storage class gp2 of cluster usa is of EBS, whose driver is not installed there',
      fix: expect.stringContaining('aws-ebs-csi-driver'),
    })
  },
)

test('a class of somebody else needs no driver of EBS', async () => {
  const auto = classOf('auto', byDefault, 'ebs.csi.eks.amazonaws.com')
  expect(await chooseStorage(hostWith(auto), 'pvc')).toEqual({ mode: 'pvc', storageClass: 'auto' })
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
