import { createCredentials, createHandler, type LongLivedKey, type Session } from '@meridian/lab-aws-protocol'
import { createHealthChecks, createZones, type Route53Handles, route53Handles } from '@meridian/lab-route53'
import { type ControlRoutes, type RequestHandler, repositorySlug, type World } from '@meridian/lab-world'
import { createAdmission } from './access/admission.ts'
import { mayUseState, type StateReader } from './access/machine-state.ts'
import { needsOf } from './access/needs.ts'
import type { Policies } from './access/policies.ts'
import type { Policy } from './access/policy.ts'
import { keyOf } from './access/resource-arn.ts'
import { type Account, openAccount } from './accounts.ts'
import { createEksClusters, type EksClusters } from './eks/clusters.ts'
import { createLoadBalancers, type LoadBalancers } from './elb/load-balancers.ts'
import { createBuckets } from './s3/buckets.ts'
import { type S3Handles, s3Handles } from './s3/handles.ts'
import { createServices } from './services.ts'
import { idTokenRoutes } from './sts/id-token.ts'
import type { TrustPolicy } from './sts/trust.ts'

/** The AWS of one world: what serves its requests, and handles for those who live in the same process. */
export type Aws = {
  handler: RequestHandler
  /** GitHub's service of identity tokens. */
  control: ControlRoutes
  /** A long-lived key of the main account. */
  credentials: LongLivedKey
  /** Another account of the same world: it sees its own things only, and names of buckets are everybody's. */
  addAccount(id: string): Account
  /** A session of a role, as a step before an action would have made it; `expireSessions` ends all there are. */
  issueSession(seconds?: number): Session
  expireSessions(): void
  /** Whom a role trusts; one without a policy trusts every job. */
  setTrust(role: string, policy: TrustPolicy): void
  /** Lets a role (by its ARN, in any account) be assumed by these roles and users; by nobody before. */
  letAssume(roleArn: string, trusted: readonly string[]): void
  /** The subject of the jobs' identity tokens from now on. */
  setSubject(subject: string): void
  route53: Route53Handles
  s3: S3Handles
  /** Whether the control plane of a cluster can use its state; the policy of a boundary by its ARN. */
  mayUseState(reader: StateReader, boundaryOf: (arn: string) => Policy | undefined): boolean
  elb: LoadBalancers
  eks: EksClusters
}

/** Clients that have a policy (by their name in the request log) may do what it allows, all others everything. */
export function createAws(world: World, policies: Policies = {}): Aws {
  const credentials = createCredentials(world)
  const zones = createZones(world)
  const checks = createHealthChecks(world)
  const buckets = createBuckets(world)
  const eks = createEksClusters(world, credentials)
  const admit = createAdmission(world, credentials, policies)
  const roles = new Map<string, TrustPolicy>()
  const principals = new Map<string, readonly string[]>()
  let subject = `repo:${repositorySlug()}:ref:refs/heads/main`
  const findService = createServices(world, {
    credentials,
    zones,
    checks,
    buckets,
    eks,
    trust: { jobs: role => roles.get(role), principals },
  })
  const open = (account: string) => openAccount(world, { credentials, zones }, account)
  const main = open(world.accountId)
  return {
    control: idTokenRoutes(world, () => subject),
    handler: createHandler(world, {
      admit,
      findService,
      keyOf,
      needsOf: (...asked) => needsOf(world, ...asked),
    }),
    credentials: main.credentials,
    addAccount: open,
    issueSession: main.issueSession,
    expireSessions: credentials.expireAll,
    setTrust: (role, policy) => void roles.set(role, policy),
    letAssume: (roleArn, trusted) => void principals.set(roleArn, trusted),
    setSubject(wanted) {
      subject = wanted
    },
    route53: route53Handles(world, zones, checks),
    s3: s3Handles(world, buckets),
    mayUseState: (reader, boundaryOf) => mayUseState(world, buckets, boundaryOf, reader),
    elb: createLoadBalancers(world),
    eks,
  }
}
