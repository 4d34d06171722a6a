import { describe, expect, test } from 'vitest'
import { deinitArguments, initArguments } from '../../src/control-plane/init-arguments.ts'

const settings = { kubeconfig: '/tmp/k', context: 'usa', directory: '/tmp/d', port: 32443 }

describe('karmadactl init', () => {
  test('is told that the API server is on this machine, and to keep its files in the given directory', () => {
    expect(initArguments({ ...settings, etcd: { mode: 'empty-dir' } })).toEqual([
      'init',
      '--kubeconfig=/tmp/k',
      '--context=usa',
      '--namespace=karmada-system',
      '--karmada-data=/tmp/d/data',
      '--karmada-pki=/tmp/d/pki',
      '--karmada-apiserver-advertise-address=127.0.0.1',
      '--port=32443',
      '--etcd-storage-mode=emptyDir',
      '--wait-component-ready-timeout=600',
    ])
  })

  test('puts further names into the certificate', () => {
    const names = ['*.us-east-1.elb.amazonaws.com', '*.elb.us-east-1.amazonaws.com']
    const args = initArguments({ ...settings, etcd: { mode: 'empty-dir' }, names })
    expect(args.at(-1)).toBe(
      '--cert-external-dns=*.us-east-1.elb.amazonaws.com,*.elb.us-east-1.amazonaws.com',
    )
  })

  test('takes the definitions from an archive that is given', () => {
    const args = initArguments({ ...settings, etcd: { mode: 'empty-dir' }, definitions: '/tmp/crds.tar.gz' })
    expect(args.at(-1)).toBe('--crds=/tmp/crds.tar.gz')
  })

  test('keeps etcd on a volume of a storage class that is named', () => {
    const args = initArguments({ ...settings, etcd: { mode: 'pvc', storageClass: 'gp3' } })
    expect(args).toContain('--etcd-storage-mode=PVC')
    expect(args).toContain('--storage-classes-name=gp3')
  })
})

test('karmadactl deinit does not ask, and takes the namespace with it', () => {
  expect(deinitArguments(settings)).toEqual([
    'deinit',
    '--kubeconfig=/tmp/k',
    '--context=usa',
    '--namespace=karmada-system',
    '--purge-namespace',
    '--force',
  ])
})
