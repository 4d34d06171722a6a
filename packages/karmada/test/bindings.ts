import type { Binding } from '../src/index.ts'

export const yes = (type: string) => ({ type, status: 'True' })
export const item = (clusterName: string, more: object = {}) => ({
  clusterName,
  applied: true,
  health: 'Healthy',
  status: { replicas: 2, readyReplicas: 2, updatedReplicas: 2, resourceTemplateGeneration: 1 },
  ...more,
})
export const expected = {
  clusters: ['usa', 'eur', 'jpn'],
  replicas: 6,
  weights: { usa: 1, eur: 1, jpn: 1 },
  generation: 1,
  judged: true,
}

export function bind(change: { spec?: object; status?: object } = {}): Binding {
  return {
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: { name: 'web-deployment', namespace: 'shop', generation: 2 },
    spec: { clusters: ['usa', 'eur', 'jpn'].map(name => ({ name, replicas: 2 })), ...change.spec },
    status: {
      schedulerObservedGeneration: 2,
      conditions: [yes('Scheduled'), yes('FullyApplied')],
      aggregatedStatus: [item('usa'), item('eur'), item('jpn')],
      ...change.status,
    },
  }
}
