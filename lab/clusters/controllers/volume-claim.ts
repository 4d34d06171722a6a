import type { KubeObject } from '@meridian/lab-kube-api'
import { textAt } from '@meridian/lab-world/json'
import type { Cluster } from '../cluster.ts'
import { type ControlLoop, keyOf, splitKey, startControlLoop } from '../control-loop.ts'
import { recordEvent } from '../events.ts'
import { parseQuantity } from '../quantity.ts'
import { writeStatus } from '../write-status.ts'

type ClaimSpec = {
  storageClassName?: string
  resources?: { requests?: { storage?: string } }
  volumeName?: string
}

const defaultClassAnnotation = 'storageclass.kubernetes.io/is-default-class'
const provisionSeconds = 8

/** The EBS provisioner: claims get a volume in the account, which goes when the claim goes unless it is to be retained. */
export function startVolumeClaims(cluster: Cluster): ControlLoop {
  const asked = new Map<string, number>()
  const loop = startControlLoop({
    clock: cluster.world.clock,
    reconcile: key => {
      const [namespace, name] = splitKey(key)
      const claim = cluster.store.get('PersistentVolumeClaim', namespace, name)
      if (!claim) return reclaim(cluster, key)
      if ((claim.spec as ClaimSpec).volumeName || claim.metadata.deletionTimestamp) return
      return provision(cluster, asked, claim)
    },
  })
  loop.follow(cluster.store, 'PersistentVolumeClaim', object => [keyOf(object)])
  return loop
}

function provision(cluster: Cluster, asked: Map<string, number>, claim: KubeObject): number | undefined {
  const { store, world } = cluster
  const { uid = '' } = claim.metadata
  const storageClass = storageClassOf(cluster, claim)
  if (!storageClass) return
  const className = storageClass.metadata.name
  const now = world.clock.elapsed()
  const since = asked.get(uid) ?? now
  if (since === now) world.delays.note('volume is made', cluster.spec.name, provisionSeconds)
  asked.set(uid, since)
  const left = since + provisionSeconds - now
  if (left > 0) return left
  asked.delete(uid)
  const volume = addVolume(cluster, claim)
  const persistent = persistentVolume(claim, storageClass, volume)
  store.create('PersistentVolume', persistent)
  bind(cluster, claim, persistent, className)
  const message = `Successfully provisioned volume ${persistent.metadata.name}`
  recordEvent(world, store, {
    about: claim,
    reason: 'ProvisioningSucceeded',
    message,
    component: 'ebs.csi.aws.com',
  })
}

function storageClassOf(cluster: Cluster, claim: KubeObject): KubeObject | undefined {
  const classes = cluster.store.list('StorageClass')
  const wanted = (claim.spec as ClaimSpec).storageClassName
  const found = wanted
    ? classes.find(each => each.metadata.name === wanted)
    : classes.find(each => each.metadata.annotations?.[defaultClassAnnotation] === 'true')
  if (found) return isServed(cluster, claim, found) ? found : undefined
  const message = wanted
    ? `storageclass.storage.k8s.io "${wanted}" not found`
    : 'no persistent volumes available for this claim and no storage class is set'
  const reason = wanted ? 'ProvisioningFailed' : 'FailedBinding'
  const component = 'persistentvolume-controller'
  recordEvent(cluster.world, cluster.store, { about: claim, type: 'Warning', reason, message, component })
  return undefined
}

/** Whether somebody in the cluster makes volumes of a class; a claim of another one waits. */
function isServed({ kind, world, store }: Cluster, claim: KubeObject, storageClass: KubeObject): boolean {
  const named = textAt(storageClass, 'provisioner')
  // What was part of Kubernetes once is the driver's now.
  const provisioner = named === 'kubernetes.io/aws-ebs' ? 'ebs.csi.aws.com' : named
  if (kind.provisioners.includes(provisioner)) return true
  const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`
  const component = 'persistentvolume-controller'
  recordEvent(world, store, { about: claim, reason: 'ExternalProvisioning', message, component })
  return false
}

function addVolume(cluster: Cluster, claim: KubeObject): string {
  const { spec, world } = cluster
  const { namespace, name, uid } = claim.metadata
  const volume = world.inventory.add({
    type: 'volume',
    ...(spec.account !== undefined && { account: spec.account }),
    region: spec.region,
    state: 'in-use',
    tags: {
      KubernetesCluster: spec.name,
      [`kubernetes.io/cluster/${spec.name}`]: 'owned',
      'ebs.csi.aws.com/cluster': 'true',
      'kubernetes.io/created-for/pvc/name': name,
      'kubernetes.io/created-for/pvc/namespace': namespace ?? 'default',
      'kubernetes.io/created-for/pv/name': `pvc-${uid}`,
    },
    attributes: { size: gigabytes(claim), zone: spec.nodes[0]?.zone ?? spec.controlPlanes[0]?.zone },
  })
  return volume.id
}

function gigabytes(claim: KubeObject): number {
  return Math.max(
    1,
    Math.ceil(parseQuantity((claim.spec as ClaimSpec).resources?.requests?.storage) / 2 ** 30),
  )
}

function persistentVolume(claim: KubeObject, storageClass: KubeObject, volumeHandle: string): KubeObject {
  const { namespace, name, uid } = claim.metadata
  const { accessModes } = claim.spec as { accessModes?: string[] }
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `pvc-${uid}`, annotations: { 'pv.kubernetes.io/provisioned-by': 'ebs.csi.aws.com' } },
    spec: {
      accessModes,
      capacity: { storage: `${gigabytes(claim)}Gi` },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
      csi: { driver: 'ebs.csi.aws.com', fsType: 'ext4', volumeHandle },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name,
      volumeMode: 'Filesystem',
    },
    status: { phase: 'Bound' },
  }
}

function bind(cluster: Cluster, claim: KubeObject, volume: KubeObject, storageClassName: string): void {
  const { namespace, name } = claim.metadata
  const { accessModes, capacity } = volume.spec as { accessModes?: string[]; capacity: object }
  cluster.store.modify('PersistentVolumeClaim', namespace, name, draft => {
    draft.spec = { ...(draft.spec as object), volumeName: volume.metadata.name, storageClassName }
  })
  const status = { phase: 'Bound', accessModes, capacity }
  writeStatus(cluster.store, claim, status)
}

function reclaim(cluster: Cluster, key: string): undefined {
  for (const volume of cluster.store.list('PersistentVolume')) {
    const spec = volume.spec as {
      claimRef?: { namespace?: string; name: string }
      persistentVolumeReclaimPolicy?: string
      csi?: { volumeHandle: string }
    }
    if (`${spec.claimRef?.namespace ?? ''}/${spec.claimRef?.name}` !== key) continue
    if (spec.persistentVolumeReclaimPolicy === 'Retain') {
      writeStatus(cluster.store, volume, { phase: 'Released' })
      continue
    }
    if (spec.csi) cluster.world.inventory.remove(spec.csi.volumeHandle)
    cluster.store.remove('PersistentVolume', undefined, volume.metadata.name)
  }
}
