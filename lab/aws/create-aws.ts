import {
  type AnswerState,
  askZones,
  canonicalName,
  createHealthChecks,
  createZones,
  type HealthCheck,
  loadBalancerBehind,
  locateClient,
  type NameServer,
  openZoneServer,
  worldResolver,
  type Zone,
  type ZoneOptions,
} from '@meridian/lab-route53'
import { type ControlRoutes, type RequestHandler, repositorySlug, type World } from '@meridian/lab-world'
import { createAdmission } from './access/admission.ts'
import { mayUseState, type StateReader } from './access/machine-state.ts'
import type { Policies } from './access/policies.ts'
import type { Policy } from './access/policy.ts'
import { type Account, openAccount } from './accounts.ts'
import { createCredentials, type LongLivedKey, type Session } from './credentials.ts'
import { createEksClusters, type EksClusters } from './eks/clusters.ts'
import { createLoadBalancers, type LoadBalancers } from './elb/load-balancers.ts'
import { createHandler } from './handle-request.ts'
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
  route53: {
    addZone(name: string, options?: ZoneOptions): Zone
    zones(): Zone[]
    healthChecks(): HealthCheck[]
    /** What a name's latency group was after every commit; see `brokenAnswers`. */
    answersOf(name: string): AnswerState[]
    /** The host name of the load balancer that a name sends a client at this address to. */
    loadBalancerBehind(name: string, client: string | undefined): string | undefined
    /** Answers DNS for all public zones, over UDP and TCP on one port of loopback. */
    openNameServer(port?: number): Promise<NameServer>
  }
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
    handler: createHandler(world, admit, findService),
    credentials: main.credentials,
    addAccount: open,
    issueSession: main.issueSession,
    expireSessions: credentials.expireAll,
    setTrust: (role, policy) => void roles.set(role, policy),
    letAssume: (roleArn, trusted) => void principals.set(roleArn, trusted),
    setSubject(wanted) {
      subject = wanted
    },
    route53: {
      addZone: zones.add,
      zones: zones.list,
      healthChecks: checks.list,
      answersOf: name => zones.list().flatMap(zone => zone.answers.get(canonicalName(name)) ?? []),
      loadBalancerBehind(name, client) {
        const [position, resolver] = [locateClient(client), worldResolver(world, checks)]
        const ask = (question: { name: string; type: string }) =>
          askZones(zones.list(), world.clock.elapsed(), question, position, resolver)
        return loadBalancerBehind(world, ask, name)
      },
      openNameServer: port => openZoneServer(world, zones, checks, port),
    },
    s3: s3Handles(world, buckets),
    mayUseState: (reader, boundaryOf) => mayUseState(world, buckets, boundaryOf, reader),
    elb: createLoadBalancers(world),
    eks,
  }
}
