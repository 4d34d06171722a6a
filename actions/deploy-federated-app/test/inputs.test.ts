import { buildKubeconfig, formatKubeconfig } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { readInputs } from '../src/inputs.ts'

const given = {
  manifests: 'examples/hugo-app',
  namespace: 'default',
  clusters: '[{"name":"usa","region":"us-east-1"},{"name":"eur","region":"eu-west-1"}]',
  federation: 'fed',
  domain: 'k8s.example.com',
  placement: 'even',
  adopt: 'false',
  prune: 'false',
  'max-deletes': '10',
  rollout: 'all',
  'wave-timeout': '5m',
  'dry-run': 'false',
  wait: 'true',
  timeout: '20m',
  'kops-version': '1.36.2',
}

function read(change: Record<string, string> = {}) {
  const entries = Object.entries({ ...given, ...change })
  return readInputs(
    Object.fromEntries(entries.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  )
}

const kubeconfig = formatKubeconfig(
  buildKubeconfig({ context: 'fed', server: 'https://fed', token: 'secret-token' }),
)

describe('inputs', () => {
  test('are read into one object', () => {
    expect(
      read({
        images: `web=ghcr.io/me/web:1\nnginx=nginx@sha256:${'a'.repeat(64)}`,
        'allowed-kinds': 'Deployment,Service',
      }),
    ).toMatchObject({
      manifests: ['examples/hugo-app'],
      placement: { mode: 'even' },
      allowedKinds: ['Deployment', 'Service'],
      images: [{ name: 'web', reference: 'ghcr.io/me/web:1' }, { name: 'nginx' }],
    })
  })

  test('may name a namespace that merely sounds like one of Karmada', () => {
    expect(read({ namespace: 'karmada-shop' }).namespace).toBe('karmada-shop')
  })

  test('may have a kubeconfig instead of clusters', () => {
    expect(read({ kubeconfig, clusters: '' }).kubeconfig?.['current-context']).toBe('fed')
  })

  test.each([
    ['no domain', { domain: '' }, 'domain: is required'],
    ['a host that is not listed', { host: 'jpn' }, "host: 'jpn' must be one of clusters"],
    ['a weight for a stranger', { placement: 'weights: {jpn: 1}' }, "placement: names 'jpn'"],
    ['a restriction to a stranger', { placement: 'only: [jpn]' }, "placement: names 'jpn'"],
    ["a namespace of Kubernetes' own", { namespace: 'kube-system' }, 'must be one that reaches the members'],
    ["a namespace of Karmada's own", { namespace: 'karmada-es-usa' }, 'must be one that reaches the members'],
    ['an option for a path', { manifests: '--evil' }, "must be a path that does not start with '-'"],
    ['a kind that cannot be', { 'allowed-kinds': 'deployment' }, 'must be a kind as in the manifests'],
    ['an image twice', { images: 'web=a:1\nweb=a:2' }, "names 'web' twice"],
    ['an exclusion of a stranger', { placement: 'exclude: [jpn]' }, "placement: names 'jpn'"],
    ['prune without app', { prune: 'true' }, 'app: is required with prune'],
    ['waves of a stranger', { rollout: 'waves', waves: '[jpn]' }, "waves: names 'jpn'"],
    ['waves without that rollout', { waves: '[usa]' }, 'waves: is given, but rollout is all'],
    ['waves that nobody waits for', { rollout: 'waves', wait: 'false' }, 'wait: must be true'],
    ['an image without reference', { images: 'web' }, 'must be lines such as'],
  ])('are refused with %s', (_, change, message) => {
    expect(() => read(change)).toThrow(message)
  })

  test('never show a kubeconfig that is refused', () => {
    const evil = kubeconfig.replace('token: secret-token', 'exec: {command: sh, args: [secret-token]}')
    const message = (() => {
      try {
        read({ kubeconfig: evil })
        return ''
      } catch (error) {
        return String(error)
      }
    })()
    expect(message).toContain('runs a program (exec)')
    expect(message).not.toContain('secret-token')
  })
})
