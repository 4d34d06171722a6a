import type { AccessPolicy } from './cluster.ts'

/** A rule in the form of those of a ClusterRole. */
export type Rule = {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
  nonResourceURLs?: string[]
}
/** What an access policy allows, everywhere or in namespaces. */
export type Grant = { rules: Rule[]; namespaces?: readonly string[] }

const read = ['get', 'list', 'watch']
const write = ['create', 'delete', 'deletecollection', 'patch', 'update']

const workloads: [group: string, resources: string[]][] = [
  [
    '',
    [
      'configmaps',
      'endpoints',
      'persistentvolumeclaims',
      'pods',
      'replicationcontrollers',
      'serviceaccounts',
      'services',
    ],
  ],
  ['apps', ['daemonsets', 'deployments', 'deployments/scale', 'replicasets', 'statefulsets']],
  ['autoscaling', ['horizontalpodautoscalers']],
  ['batch', ['cronjobs', 'jobs']],
  ['networking.k8s.io', ['ingresses', 'networkpolicies']],
  ['policy', ['poddisruptionbudgets']],
]
const rulesOf = (verbs: string[], kinds: typeof workloads): Rule[] =>
  kinds.map(([group, resources]) => ({ verbs, apiGroups: [group], resources }))

const view = [
  ...rulesOf(read, workloads),
  ...rulesOf(read, [
    ['', ['events', 'namespaces', 'pods/log', 'pods/status']],
    ['discovery.k8s.io', ['endpointslices']],
  ]),
]
const edit = [...view, ...rulesOf(write, workloads), ...rulesOf([...read, ...write], [['', ['secrets']]])]
const roles = ['roles', 'rolebindings']

/** User guide, "Review access policy permissions": the whole ones as they are, the others in what a deployment meets. */
const policies: Record<string, Rule[]> = {
  AmazonEKSClusterAdminPolicy: [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    { verbs: ['*'], nonResourceURLs: ['*'] },
  ],
  AmazonEKSAdminViewPolicy: [{ verbs: read, apiGroups: ['*'], resources: ['*'] }],
  AmazonEKSAdminPolicy: [...edit, ...rulesOf([...read, ...write], [['rbac.authorization.k8s.io', roles]])],
  AmazonEKSEditPolicy: edit,
  AmazonEKSViewPolicy: view,
}

const arnPrefix = 'arn:aws:eks::aws:cluster-access-policy/'

export const clusterAdminPolicy = `${arnPrefix}AmazonEKSClusterAdminPolicy`

/** Whether EKS has a policy of this ARN. */
export const isAccessPolicy = (arn: string): boolean => rulesBehind(arn) !== undefined

/** The rules of an access policy, in all namespaces or those of its scope. */
export function grantOf({ policyArn, accessScope }: AccessPolicy): Grant {
  const rules = rulesBehind(policyArn) ?? []
  return accessScope.type === 'cluster' ? { rules } : { rules, namespaces: accessScope.namespaces }
}

function rulesBehind(arn: string): Rule[] | undefined {
  return arn.startsWith(arnPrefix) ? policies[arn.slice(arnPrefix.length)] : undefined
}
