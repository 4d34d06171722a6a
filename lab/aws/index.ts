export { documentedBoundary, documentedPolicies, type Policies } from './access/policies.ts'
export type { Policy } from './access/policy.ts'
export type { Account } from './accounts.ts'
export { type Aws, createAws } from './create-aws.ts'
export type { EksUser, NewEntry } from './eks/access-entries.ts'
export { clusterAdminPolicy } from './eks/access-policies.ts'
export {
  type AuthenticationMode,
  type ClusterStatus,
  type EksCluster,
  type EndpointAccess,
  type Nodegroup,
  trustBundle,
} from './eks/cluster.ts'
export type { EksClusters } from './eks/clusters.ts'
export type { Caller } from './eks/identify-caller.ts'
export type { LoadBalancers, NewLoadBalancer } from './elb/load-balancers.ts'
export { type Region, regions } from './regions.ts'
export {
  type AnswerState,
  type BrokenAnswer,
  brokenAnswers,
  type Targets,
} from './route53/answer-history.ts'
export type { Zone, ZoneOptions } from './route53/zones.ts'
export { labKey } from './s3/kms-keys.ts'
export { idTokenVariables, type JobClaims } from './sts/id-token.ts'
