import { claimKey, makeMark, writeClaim, writeTags } from '@meridian/identity'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { addResource } from '@meridian/lab-world'
import { longAgo, usa } from './cluster-world.ts'
import { account, otherAccount, type Relation, shop, tags01 } from './owners.ts'

export const bucket = `${usa}-state`

function tagsOf({ mark }: Relation): Record<string, string> {
  if (mark === undefined) return {}
  return mark.schema > 1 ? writeTags({ ...mark, cluster: usa, expiresAt: longAgo }) : tags01(longAgo)
}

/**
 * The bucket of somebody, in which the run's own cluster has had its state: kops has deleted that, and the run that told it
 * to has died. `others`: there is something else in it.
 */
export async function openBucket(relation: Relation, others: boolean): Promise<Universe> {
  const universe = await startUniverse({ scale: 10_000 })
  const { s3 } = universe.aws
  const away = relation.mark?.account === otherAccount ? universe.aws.addAccount(otherAccount) : undefined
  s3.addBucket(bucket, {
    region: 'us-east-1',
    versioned: true,
    tags: tagsOf(relation),
    ...(away && { account: away.id }),
  })
  if (away) s3.openBucket(bucket, universe.world.accountId)
  const own = makeMark({ ...relation.run, repository: shop, account, cluster: usa })
  s3.putObject(bucket, `${usa}/backups/etcd`, 'x')
  s3.putObject(bucket, claimKey({ path: '' }, usa), writeClaim({ ...own, expiresAt: longAgo }))
  if (others) s3.putObject(bucket, 'terraform/state', '{"resources": []}')
  return universe
}

/** Resources of somebody under the cluster's name, whose state is nowhere. */
export async function openOrphans(relation: Relation): Promise<Universe> {
  const universe = await startUniverse({ scale: 10_000 })
  const away = relation.mark?.account === otherAccount ? universe.aws.addAccount(otherAccount) : undefined
  const tags = { ...tagsOf(relation), KubernetesCluster: usa, [`kubernetes.io/cluster/${usa}`]: 'owned' }
  const at = { region: 'us-east-1', tags, ...(away && { account: away.id }) }
  for (const type of ['vpc', 'volume', 'security-group'] as const)
    addResource(universe.world, { type, ...at })
  return universe
}
