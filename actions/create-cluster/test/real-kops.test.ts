import { fileURLToPath } from 'node:url'
import { loadKubeconfig } from '@meridian/kube'
import { type ActionRequest, type ActionRun, runAction } from '@meridian/lab-runner'
import { kopsItself, lacks, startMoto } from '@meridian/lab-universe/testing'
import { expect, test } from 'vitest'

const dir = fileURLToPath(new URL('..', import.meta.url))
const moto = { name: 'moto_server', command: ['moto_server', '--help'], answer: /./ }

test.skipIf(lacks([kopsItself, moto]))(
  'kops itself, against an independent AWS: made, cut short and finished, found and changed, and refused where it cannot change',
  async () => {
    const env = await startMoto(['moto_server'])
    const run = (
      inputs: Record<string, string> = {},
      more: Partial<ActionRequest> = {},
    ): Promise<ActionRun> =>
      runAction({
        dir,
        env,
        ...more,
        inputs: {
          name: 'usa',
          domain: 'k8s.example.com',
          zones: 'us-east-1a',
          'kubernetes-version': '1.36.1',
          channel: 'none',
          image: 'ami-03cf127a',
          tags: 'team=blue, cost=a b',
          ttl: '8h',
          wait: 'false',
          ...inputs,
        },
      })
    const said = ({ annotations }: ActionRun) => annotations.map(({ message }) => message).join('\n')

    const dry = await run({ 'dry-run': 'true' })
    expect(said(dry)).toBe('')
    expect(dry.stdout).toContain('configBase: s3://usa.k8s.example.com-state/usa.k8s.example.com')
    expect(dry.summary).toContain(
      'State store <code>s3://usa.k8s.example.com-state</code> | would be created',
    )

    const cancel = new AbortController()
    const onLine = (line: string) => {
      if (/Tasks: [1-9]\d* done/.test(line)) cancel.abort()
    }
    const cut = await run({ name: 'cut' }, { signal: cancel.signal, onLine })
    expect(cut.orphans).toBe(false)
    expect(cut.stdout).toContain('What exists now: state bucket cut.k8s.example.com-state')
    const finished = await run({ name: 'cut' })
    expect(said(finished)).toBe('')
    expect(finished.outputs['api-endpoint']).toMatch(/^https:\/\/api-cut-/)

    const first = await run()
    expect(said(first)).toBe('')
    expect(first.outputs).toMatchObject({ created: 'true', context: 'usa' })
    expect(first.outputs['api-endpoint']).toMatch(/^https:\/\/api-usa-k8s-example-com-.*\.amazonaws\.com$/)
    const kubeconfig = await loadKubeconfig({ KUBECONFIG: first.outputs.kubeconfig })
    expect(kubeconfig?.contexts.map(({ name }) => name)).toEqual(['usa'])

    const second = await run()
    expect(said(second)).toBe('')
    expect(second.outputs.created).toBe('false')
    const before = Date.parse(first.outputs['expires-at'] ?? '')
    expect(Date.parse(second.outputs['expires-at'] ?? '')).toBeGreaterThanOrEqual(before)

    // moto keeps less of a subnet than AWS, so that kops always finds something to apply.
    const wanted = { 'node-count': '3', 'api-access': '192.0.2.0/24, 2001:db8::/32' }
    const pending = await run(wanted)
    expect(said(pending)).toContain('others have saved changes and not applied them')
    expect(said(pending)).toContain('modify Subnet/us-east-1a.usa.k8s.example.com')

    const changed = await run({ ...wanted, 'apply-pending': 'true' })
    expect(said(changed)).toBe('')
    expect(changed.stdout).toContain('node-count is 1, not 3. It is changed now.')
    const again = await run(wanted)
    expect(again.stdout).not.toContain('It is changed now.')

    const refused = await run({ networking: 'calico', 'kubernetes-version': '1.35.7' })
    expect(said(refused)).toContain(
      'networking is cilium, not calico; kubernetes-version is 1.36.1, not 1.35.7',
    )
  },
)
