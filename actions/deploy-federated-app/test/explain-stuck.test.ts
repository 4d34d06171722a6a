import { KubeError } from '@meridian/kube'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { explainStuck } from '../src/explain-stuck.ts'
import type { Arrival } from '../src/wait-done.ts'

const stuck: Arrival = {
  template: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } },
  status: {
    done: false,
    reason: '',
    unbalanced: false,
    missed: [],
    regions: ['usa', 'eur'].map(cluster => ({
      cluster,
      replicas: 2,
      ready: 0,
      healthy: false,
      hostname: undefined,
      reason: cluster === 'usa' ? '0/2 replicas ready' : '',
    })),
  },
}

async function explain(answer: (path: string) => unknown): Promise<{ asked: string[]; lines: string[] }> {
  const job = testJob()
  const asked: string[] = []
  const request = async <T>(_: string, path: string): Promise<T> => {
    asked.push(path)
    return answer(path) as T
  }
  await explainStuck(job, { request }, [stuck])
  return { asked, lines: job.lines }
}

describe('a region that is stuck', () => {
  test('is asked, through the federation, for its pods and warnings, and no other is', async () => {
    const pod = {
      metadata: { name: 'web-1' },
      status: {
        phase: 'Pending',
        containerStatuses: [{ name: 'c', state: { waiting: { reason: 'ImagePullBackOff' } } }],
      },
    }
    const event = {
      type: 'Warning',
      reason: 'Failed',
      message: 'no such image',
      involvedObject: { kind: 'Pod', name: 'web-1' },
    }
    const { asked, lines } = await explain(path => ({
      items: path.endsWith('/pods') ? [pod] : [event, event, { type: 'Normal' }],
    }))
    const base = '/apis/cluster.karmada.io/v1alpha1/clusters/usa/proxy/api/v1/namespaces/shop'
    expect(asked).toEqual(['/api/v1/namespaces/shop/events', `${base}/pods`, `${base}/events`])
    expect(lines).toEqual([
      'federation: events of namespace shop',
      'Pod web-1: Failed no such image',
      'usa: pods and events of namespace shop',
      'pod web-1 (Pending): c ImagePullBackOff',
      'Pod web-1: Failed no such image',
    ])
  })

  test('that does not answer is said not to, and does not fail the explanation', async () => {
    const { lines } = await explain(() => {
      throw new KubeError('no route', { status: 503, reason: 'ServiceUnavailable', server: 'x' })
    })
    expect(lines.filter(line => line === 'cannot be asked: no route')).toHaveLength(2)
  })
})
