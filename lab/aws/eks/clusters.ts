import type { Credentials } from '@meridian/lab-aws-protocol'
import { randomText, type World } from '@meridian/lab-world'
import { type EksUser, userOfEntry } from './access-entries.ts'
import type { EksCluster, EndpointAccess } from './cluster.ts'
import { type Caller, identifyCaller } from './identify-caller.ts'
import { partitionOf } from './partitions.ts'
import { readToken, TokenRefusal } from './read-token.ts'

/** What must be said of a cluster; the rest is as most have it. */
type NewEksCluster = Pick<EksCluster, 'name' | 'region' | 'version' | 'vpc'> & Partial<EksCluster>

export type EksClusters = {
  /** Throws when its account has one of this name in the region. */
  add(given: NewEksCluster): EksCluster
  remove(cluster: EksCluster): void
  list(): EksCluster[]
  find(place: { account: string; region: string }, name: string): EksCluster | undefined
  /**
   * Whom a bearer token stands for, by the cluster's access entries or, where these do not count, by what `mapped` says;
   * undefined for nobody. Why is noted in `refusals`, as EKS's authenticator writes it into its log.
   */
  authenticate(
    cluster: EksCluster,
    token: string,
    mapped?: (caller: Caller) => EksUser | undefined,
  ): EksUser | undefined
  /** Who reaches the endpoint of a cluster, from now on. */
  setAccess(cluster: EksCluster, access: Partial<EndpointAccess>): void
  /** Tells whenever that has been set. */
  watchAccess(cluster: EksCluster, listener: () => void): void
  /** Words about tokens that were refused, oldest first. */
  refusals(cluster: EksCluster): readonly string[]
}

/** The clusters of all accounts and regions, at first none. */
export function createEksClusters(world: World, credentials: Credentials): EksClusters {
  const clusters: EksCluster[] = []
  const refusals = new Map<EksCluster, string[]>()
  const listeners = new Map<EksCluster, () => void>()
  const find = (place: { account: string; region: string }, name: string) =>
    clusters.find(
      each => each.name === name && each.account === place.account && each.region === place.region,
    )
  const refuse = (cluster: EksCluster, words: string) =>
    void refusals.set(cluster, [...(refusals.get(cluster) ?? []), words])
  return {
    add(given) {
      const cluster = buildCluster(world, given)
      if (find(cluster, cluster.name)) throw new Error(`there is a cluster ${cluster.arn}`)
      clusters.push(cluster)
      return cluster
    },
    remove: cluster => void clusters.splice(clusters.indexOf(cluster), 1),
    list: () => [...clusters],
    find,
    authenticate(cluster, token, mapped = () => undefined) {
      const { region, name, authenticationMode: mode } = cluster
      const now = world.clock.now()
      try {
        const request = readToken(token, { partition: partitionOf(region), region }, now)
        const caller = identifyCaller(request, name, credentials, world.accounts.of, now)
        const user =
          (mode === 'CONFIG_MAP' ? undefined : userOfEntry(cluster, caller)) ??
          (mode === 'API' ? undefined : mapped(caller))
        if (!user) refuse(cluster, `access denied: ARN is not mapped: ${caller.canonicalArn}`)
        return user
      } catch (error) {
        if (!(error instanceof TokenRefusal)) throw error
        refuse(cluster, error.message)
        return undefined
      }
    },
    setAccess(cluster, access) {
      Object.assign(cluster, access)
      listeners.get(cluster)?.()
    },
    watchAccess: (cluster, listener) => void listeners.set(cluster, listener),
    refusals: cluster => refusals.get(cluster) ?? [],
  }
}

const suffixes = ['gr7', 'yl4', 'sk1']

function buildCluster(world: World, given: NewEksCluster): EksCluster {
  const { account = world.accountId, region, name } = given
  const id = randomText(world.random, 32).toUpperCase()
  const suffix = suffixes[Math.floor(world.random() * suffixes.length)]
  return {
    arn: `arn:aws:eks:${region}:${account}:cluster/${name}`,
    platformVersion: 'eks.12',
    status: 'ACTIVE',
    issues: [],
    endpoint: `https://${id}.${suffix}.${region}.eks.amazonaws.com`,
    authorities: [],
    activeAuthority: given.authorities?.[0]?.id ?? '',
    endpointPublicAccess: true,
    endpointPrivateAccess: false,
    publicAccessCidrs: ['0.0.0.0/0'],
    authenticationMode: 'API',
    entries: new Map(),
    nodegroups: [],
    autoMode: false,
    tags: {},
    createdAt: world.clock.now(),
    ...given,
    account,
  }
}
