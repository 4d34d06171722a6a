import { formatStore, stateBucket } from '@meridian/identity'
import { describeUnseen } from '@meridian/inventory'
import type { Inputs } from '../inputs.ts'
import { type FoundCluster, isOrphaned, ownState } from './cluster.ts'
import { describeNeighbours } from './surroundings.ts'

/** What is to be known of the clusters before anything goes: what stays and why, and what cannot be seen. Pure. */
export function describeClusters(clusters: readonly FoundCluster[], scope: Inputs['scope']): string[] {
  return clusters.flatMap(found => [
    ...(scope.has('clusters') ? [...describeLost(found), ...describeNames(found)] : []),
    ...(scope.has('state') ? describeState(found) : []),
  ])
}

/** Whoever forgets a shared state store must see it before the cluster goes and its state there stays. */
function describeLost({ cluster, config, resources }: FoundCluster): string[] {
  if (!isOrphaned({ config, resources })) return []
  const { fullName, stateStore } = cluster
  return [
    `${stateStore} does not hold the state of ${fullName}, but ${resources.ours.length} of its resources live: its spec is made again there to delete them. If its state lies elsewhere, give that as stateStore, since it would stay.`,
  ]
}

function describeNames({ cluster, config, resources }: FoundCluster): string[] {
  const there = config !== undefined || isOrphaned({ config, resources })
  const unseen = describeUnseen(cluster.fullName)
  if (!there || unseen === '') return []
  return [
    `${cluster.fullName} is ${cluster.fullName.length} characters long. kops shortens such names, so that leftovers of these kinds would not be found: ${unseen}. Look for them by hand.`,
  ]
}

function describeState(found: FoundCluster): string[] {
  const { cluster, store, bucket, surroundings, objectLock } = found
  if (store === undefined) return []
  const { neighbours, folder } = surroundings
  const place = formatStore(store)
  const going = ownState(found) !== undefined
  const notices: string[] = []
  if (objectLock)
    notices.push(
      `${store.bucket} has an Object Lock: versions that it keeps cannot be deleted before their time, and the run fails then.`,
    )
  if (going && neighbours.length > 0)
    notices.push(
      `Beside the state of ${cluster.fullName} lie in ${place}, and stay: ${describeNeighbours(neighbours)}.`,
    )
  if (bucket === undefined && (going || store.bucket === stateBucket(cluster.fullName)))
    notices.push(`${describeKept(store, cluster)}${neighbours.length > 0 ? '' : ` ${removeBucket(store)}`}`)
  if (!going && folder)
    notices.push(
      `${place}/${cluster.fullName}/ stays: nothing says whose it is. If nobody needs it: aws s3 rm --recursive ${place}/${cluster.fullName}/`,
    )
  return notices
}

function describeKept({ bucket }: { bucket: string }, { fullName }: { fullName: string }): string {
  const older = bucket === stateBucket(fullName) ? ', and version 0.1 marked whatever it was given' : ''
  return `The bucket ${bucket} stays: its tags do not say that it was made for this cluster${older}.`
}

/** S3 refuses it as long as anything is in the bucket. */
export function removeBucket({ bucket, region }: { bucket: string; region: string }): string {
  return `If it is empty then and nobody needs it: aws s3 rb s3://${bucket} --region ${region}`
}
