export { documentedPolicies, type Policies } from './access/policies.ts'
export type { Account } from './accounts.ts'
export { type Aws, createAws } from './create-aws.ts'
export type { LoadBalancers, NewLoadBalancer } from './elb/load-balancers.ts'
export { type Region, regions } from './regions.ts'
export {
  type AnswerState,
  type BrokenAnswer,
  brokenAnswers,
  type Targets,
} from './route53/answer-history.ts'
export type { Zone, ZoneOptions } from './route53/zones.ts'
export { idTokenVariables, type JobClaims } from './sts/id-token.ts'
