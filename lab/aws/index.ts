export { permissionsOfRequest } from './access/permissions.ts'
export { documentedBoundary, documentedPolicies, type Policies } from './access/policies.ts'
export type { Policy } from './access/policy.ts'
export { unusedGrants } from './access/unused-grants.ts'
export type { Account } from './accounts.ts'
export { type Aws, createAws } from './create-aws.ts'
export { type EksUser, type NewEntry, putEntry, withoutPath } from './eks/access-entries.ts'
export { clusterAdminPolicy } from './eks/access-policies.ts'
export {
  type ClusterStatus,
  type EksCluster,
  type EndpointAccess,
  type Nodegroup,
  trustBundle,
} from './eks/cluster.ts'
export type { Caller } from './eks/identify-caller.ts'
export type { NewLoadBalancer } from './elb/load-balancers.ts'
export { labKey } from './s3/kms-keys.ts'
export { findOperation } from './s3/routes.ts'
export { idTokenVariables, type JobClaims } from './sts/id-token.ts'
export { documentedTrust, type TrustPolicy, trusts } from './sts/trust.ts'
