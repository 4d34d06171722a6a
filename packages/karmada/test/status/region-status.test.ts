import { describe, expect, test } from 'vitest'
import { bindingStatus } from '../../src/index.ts'
import { bind, expected, item } from '../bindings.ts'

describe('an object has arrived', () => {
  test('with more replicas than it is given, where an autoscaler may decide so', () => {
    const status = { replicas: 5, readyReplicas: 5, updatedReplicas: 5 }
    const aggregatedStatus = ['usa', 'eur', 'jpn'].map(name => item(name, { status }))
    const binding = bind({ status: { aggregatedStatus } })
    expect(bindingStatus(binding, { ...expected, elastic: true }).done).toBe(true)
    expect(bindingStatus(binding, expected).done).toBe(false)
  })

  test('with fewer than its share, where an autoscaler may decide so, once those are ready', () => {
    const some = (readyReplicas: number) => {
      const status = { replicas: 1, readyReplicas, updatedReplicas: 1 }
      return bind({ status: { aggregatedStatus: ['usa', 'eur', 'jpn'].map(name => item(name, { status })) } })
    }
    expect(bindingStatus(some(1), { ...expected, elastic: true }).done).toBe(true)
    expect(bindingStatus(some(0), { ...expected, elastic: true }).regions[0]?.reason).toBe(
      '0/1 replicas ready',
    )
    expect(bindingStatus(some(1), expected).done).toBe(false)
  })

  test('as a Job where Karmada has placed it, once it is applied', () => {
    const job = { ...expected, replicas: 1, countsReady: false, judged: false }
    const inEurope = (status: object) =>
      bind({
        spec: { resource: { kind: 'Job' }, clusters: [{ name: 'eur', replicas: 1 }] },
        status: { aggregatedStatus: [item('eur', { health: 'Unknown', status })] },
      })
    const running = bindingStatus(inEurope({ active: 1 }), job)
    expect(running).toMatchObject({ done: true, regions: [{ cluster: 'eur' }] })
    const failed = { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'too often' }
    expect(bindingStatus(inEurope({ failed: 1, conditions: [failed] }), job)).toMatchObject({
      done: false,
      regions: [{ reason: 'has failed: BackoffLimitExceeded: too often', lasting: 'failed' }],
    })
  })

  test('as an Ingress that no controller has taken up, which is told by its health', () => {
    const binding = bind({
      spec: { clusters: [{ name: 'usa' }] },
      status: { aggregatedStatus: [item('usa', { health: 'Unhealthy', status: undefined })] },
    })
    const status = bindingStatus(binding, { clusters: ['usa'], judged: 'ignored' })
    expect(status).toMatchObject({ done: true, regions: [{ healthy: false }] })
  })
})
