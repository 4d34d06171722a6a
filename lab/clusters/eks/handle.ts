import { BlockList } from 'node:net'
import {
  type Aws,
  type ClusterStatus,
  clusterAdminPolicy,
  type EksCluster,
  type EndpointAccess,
  type NewEntry,
  putEntry,
  trustBundle,
  withoutPath,
} from '@meridian/lab-aws'
import type { Store } from '@meridian/lab-kube-api'
import { createAuthority, issueServerCertificate, type KeyPair } from '@meridian/lab-kube-api/certificates'
import { type ClusterSpec, randomText, until, type World } from '@meridian/lab-world'
import type { Cluster } from '../cluster.ts'
import type { ClusterKind } from '../cluster-kind.ts'
import type { KubeHost } from '../host.ts'
import { isReady } from '../nodes.ts'
import type { Outage } from '../outage.ts'
import { upgradeControlPlane, upgradeNodes } from './upgrade.ts'

/** A cluster of EKS, and what its owners and EKS do with it. */
export type EksHandle = {
  /** As EKS describes it. */
  cluster: EksCluster
  /** Throws while it has no API. */
  running(): Cluster
  /** Lets it have a status, with the issues that its health shows. Its API serves from the first ACTIVE on. */
  become(status: ClusterStatus, issues?: EksCluster['issues']): Promise<void>
  /** Who reaches its endpoint, from now on. */
  setAccess(access: Partial<EndpointAccess>): void
  /** Gives somebody an access entry, by default one that allows everything. */
  allow(principalArn: string, entry?: NewEntry): void
  forbid(principalArn: string): void
  /** Begins a rotation: the trust bundle holds a second authority, which signs nothing yet. */
  rotateAuthority(): Promise<void>
  /** The API serves with a certificate of the newest authority, and everybody connects anew. */
  activateAuthority(): Promise<void>
  /** Ends a rotation: the authorities that sign nothing are trusted no more. */
  dropAuthorities(): void
  /** Upgrades the control plane by a minor version: EKS is some minutes UPDATING, in which the API serves on. */
  upgrade(version: string): Promise<void>
  /** Replaces the nodes, one by one, by such of the cluster's version. */
  upgradeNodes(): Promise<void>
  /** Takes its API away; the returned function brings it back. */
  takeAway(outage: Outage): () => void
  /** Why its authenticator has refused tokens, oldest first. */
  refusals(): readonly string[]
  /** Lets EKS delete it. */
  remove(): Promise<void>
}

/** Where people and runners are, seen from AWS. */
const runnerAddress = '203.0.113.77'

/** Whether somebody outside of the cluster's network reaches its endpoint. */
function isReachable({ endpointPublicAccess, publicAccessCidrs }: EndpointAccess): boolean {
  const admitted = new BlockList()
  for (const cidr of publicAccessCidrs) {
    const [net = '', prefix = '32'] = cidr.split('/')
    if (!net.includes(':')) admitted.addSubnet(net, Number(prefix))
  }
  return endpointPublicAccess && admitted.check(runnerAddress)
}

/**
 * What a test does with a cluster of EKS; while its endpoint admits nobody from here, its host name leads nowhere.
 */
export function createHandle(
  { world, aws, clusters }: { world: World; aws: Aws; clusters: KubeHost },
  cluster: EksCluster,
  spec: ClusterSpec,
  kind: ClusterKind,
): EksHandle {
  const { arn } = cluster
  const { endpoint } = cluster
  const keys = new Map<string, KeyPair>([[cluster.activeAuthority, spec.authority]])
  const find = () => clusters.clusters().find(each => each.spec === spec)
  let reveal: (() => void) | undefined
  let started = false

  const running = (): Cluster => {
    const found = find()
    if (found) return found
    throw new Error(`${arn} has no API yet`)
  }
  aws.eks.watchAccess(cluster, () => {
    reveal?.()
    reveal = isReachable(cluster) ? undefined : world.network.hide(spec.apiHost, addressOf(cluster))
  })
  async function serve(): Promise<void> {
    cluster.endpoint = endpoint
    started = true
    aws.eks.setAccess(cluster, {})
    clusters.startAs(kind, arn, spec)
    await until(world.clock, () => isHealthy(find()) || undefined)
  }
  return {
    cluster,
    running,
    setAccess: access => aws.eks.setAccess(cluster, access),
    async become(status, issues = []) {
      Object.assign(cluster, { status, issues })
      if (started) return
      if (status === 'ACTIVE' || status === 'UPDATING') await serve()
      else cluster.endpoint = undefined
    },
    allow: (principalArn, entry = { policies: [{ policyArn: clusterAdminPolicy }] }) =>
      void putEntry(cluster, principalArn, entry, world.clock.now()),
    forbid: principalArn => void cluster.entries.delete(withoutPath(principalArn)),
    async rotateAuthority() {
      const id = randomText(world.random, 10)
      const authority = await createAuthority('kubernetes')
      keys.set(id, authority)
      cluster.authorities = [
        ...cluster.authorities,
        { id, certificate: authority.certificate, createdBy: 'CUSTOMER' },
      ]
      publishTrust(cluster, spec, find())
    },
    async activateAuthority() {
      const { id = '' } = cluster.authorities.at(-1) ?? {}
      const authority = keys.get(id) ?? spec.authority
      const { certificate, key } = await issueServerCertificate(authority, kind.certificateNames(spec))
      cluster.activeAuthority = id
      spec.authority = authority
      const { server } = running()
      server.renew({ cert: certificate, key }, trustBundle(cluster))
      server.cut()
    },
    dropAuthorities() {
      cluster.authorities = cluster.authorities.filter(({ id }) => id === cluster.activeAuthority)
      publishTrust(cluster, spec, find())
    },
    upgrade: version => upgradeControlPlane(world, cluster, running(), version),
    upgradeNodes: () => upgradeNodes(world, cluster, running()),
    takeAway: outage => clusters.takeAway(arn, outage),
    refusals: () => aws.eks.refusals(cluster),
    async remove() {
      reveal?.()
      aws.eks.remove(cluster)
      await clusters.stop(arn)
    },
  }
}

/** An address inside of the cluster's network, to which its name resolves where only that is let in. */
function addressOf({ endpointPublicAccess }: EksCluster): string {
  return endpointPublicAccess ? '198.51.100.44' : '192.168.11.44'
}

function isHealthy(cluster: Cluster | undefined): boolean {
  if (!cluster) return false
  const nodes = cluster.store.list('Node')
  const pods = cluster.store.list('Pod', { namespace: 'kube-system' })
  const runs = (pod: unknown) => (pod as { status?: { phase?: string } }).status?.phase === 'Running'
  return nodes.length >= cluster.spec.nodes.length && nodes.every(isReady) && pods.every(runs)
}

/** Writes the bundle to where clients inside of the cluster find it. */
function publishTrust(cluster: EksCluster, spec: ClusterSpec, running: Cluster | undefined): void {
  spec.bundle = trustBundle(cluster)
  if (running) distribute(running.store, spec.bundle)
}

function distribute(store: Store, bundle: string): void {
  for (const { metadata } of store.list('ConfigMap')) {
    if (metadata.name === 'kube-root-ca.crt')
      store.modify('ConfigMap', metadata.namespace, metadata.name, draft => {
        draft.data = { 'ca.crt': bundle }
      })
  }
  for (const { metadata, type } of store.list('Secret')) {
    if (type === 'kubernetes.io/service-account-token')
      store.modify('Secret', metadata.namespace, metadata.name, draft => {
        draft.data = { ...(draft.data as object), 'ca.crt': Buffer.from(bundle).toString('base64') }
      })
  }
}
