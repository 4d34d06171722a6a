import { KubeError } from '@meridian/kube'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { type Event, explainStuck, listWarnings } from '../../src/report/explain-stuck.ts'
import type { TemplateStatus } from '../../src/status/template-status.ts'

const stuck: TemplateStatus = {
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

const began = Date.parse('2026-05-01T12:00:00.700Z')

async function explain(answer: (path: string) => unknown): Promise<{ asked: string[]; lines: string[] }> {
  const job = testJob()
  const asked: string[] = []
  const request = async <T>(_: string, path: string): Promise<T> => {
    asked.push(path)
    return answer(path) as T
  }
  await explainStuck(job, { request }, [stuck], began)
  return { asked, lines: job.lines }
}

describe('a region that is stuck', () => {
  test('is asked, through the federation, for its pods and warnings, and no other is', async () => {
    const name = 'web-6d4cf56db6-x2zk4'
    const pod = {
      metadata: { name },
      status: {
        phase: 'Pending',
        containerStatuses: [{ name: 'c', state: { waiting: { reason: 'ImagePullBackOff' } } }],
      },
    }
    const event = {
      type: 'Warning',
      reason: 'Failed',
      message: 'no such image',
      involvedObject: { kind: 'Pod', name },
    }
    const others = { ...pod, metadata: { name: 'other-6d4cf56db6-x2zk4' } }
    const { asked, lines } = await explain(path => ({
      items: path.endsWith('/pods') ? [pod, others] : [event, event, { type: 'Normal' }],
    }))
    const base = '/apis/cluster.karmada.io/v1alpha1/clusters/usa/proxy/api/v1/namespaces/shop'
    expect(asked).toEqual(['/api/v1/namespaces/shop/events', `${base}/pods`, `${base}/events`])
    expect(lines).toEqual([
      'federation: events of namespace shop',
      `Pod ${name}: Failed no such image`,
      'usa: pods and events of namespace shop',
      `pod ${name} (Pending): c ImagePullBackOff`,
      `Pod ${name}: Failed no such image`,
    ])
  })

  test('that does not answer is said not to, and does not fail the explanation', async () => {
    const { lines } = await explain(() => {
      throw new KubeError('no route', { status: 503, reason: 'ServiceUnavailable', server: 'x' })
    })
    expect(lines.filter(line => line === 'cannot be asked: no route')).toHaveLength(2)
  })
})

describe('warnings', () => {
  const warning = (name: string, time: Partial<Event>, message = name): Event => ({
    type: 'Warning',
    reason: 'Failed',
    message,
    involvedObject: { kind: 'Pod', name },
    ...time,
  })
  const isOwn = ({ name }: { name?: string }) => name !== 'other'

  test('are of this app and of this run, the newest first', () => {
    const events = [
      warning('first', { lastTimestamp: '2026-05-01T12:00:00Z' }),
      warning('third', { lastTimestamp: null, eventTime: '2026-05-01T12:02:00.500000Z' }),
      warning('second', { firstTimestamp: '2026-05-01T11:00:00Z', lastTimestamp: '2026-05-01T12:01:00Z' }),
      warning('fourth', {
        eventTime: '2026-05-01T11:00:00.000000Z',
        series: { lastObservedTime: '2026-05-01T12:03:00.000000Z' },
      }),
      warning('before', { lastTimestamp: '2026-05-01T11:59:59Z' }),
      warning('other', { lastTimestamp: '2026-05-01T12:04:00Z' }),
    ]
    const named = listWarnings(events, isOwn, began).map(line => line.split(' ').at(-1))
    expect(named).toEqual(['fourth', 'third', 'second', 'first'])
  })

  test('leave out that Karmada has not yet seen what it has made itself', () => {
    const known = (message: string) => ({ ...warning('web', {}, message), reason: 'ApplyPolicyFailed' })
    const race = known(
      'Apply policy(shop/web-deployment) failed: resourcebindings.work.karmada.io "web-deployment" already exists',
    )
    expect(listWarnings([race, known('no such cluster')], isOwn, began)).toEqual([
      'Pod web: ApplyPolicyFailed no such cluster',
    ])
  })
})
