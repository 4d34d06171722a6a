const clusters = '[{name: usa, region: us-east-1}]'
const kubeconfig = `apiVersion: v1
kind: Config
current-context: usa
contexts: [{name: usa, context: {cluster: usa, user: usa}}]
clusters: [{name: usa, cluster: {server: https://usa.example.net}}]
users: [{name: usa, user: {token: a-token}}]`

/** Inputs of which one's use depends on another's value, and that value. */
export const beside: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  'create-cluster': {
    'eks-name': { provider: 'eks', zones: '', region: 'us-east-1' },
    role: { provider: 'eks', zones: '', region: 'us-east-1' },
    'kind-name': { provider: 'kind', zones: '', region: 'us-east-1' },
    region: { zones: '', region: 'us-east-1' },
    kubeconfig: { provider: 'existing', kubeconfig },
    'kubeconfig-context': { provider: 'existing', kubeconfig },
  },
  federate: {
    'karmada-kubeconfig': { 'control-plane': 'existing', 'karmada-kubeconfig': kubeconfig },
  },
  'deploy-federated-app': { waves: { rollout: 'waves' }, 'wave-timeout': { rollout: 'waves' } },
  'latency-dns': {
    regions: { mode: 'destroy', regions: 'us-east-1' },
    'max-out': { mode: 'take-out', regions: 'us-east-1' },
    upgrade: { mode: 'take-out', regions: 'us-east-1' },
    'drain-time': { mode: 'take-out', regions: 'us-east-1' },
    clusters: { mode: 'look' },
    host: { mode: 'look', clusters },
  },
  teardown: {
    app: { scope: 'app' },
    owners: { mode: 'reap', clusters: '' },
    'state-stores': { mode: 'reap', clusters: '' },
    'name-servers': { mode: 'reap', clusters: '' },
  },
  'report-environment': {
    environments: { mode: 'sweep', environments: '[]' },
  },
}
