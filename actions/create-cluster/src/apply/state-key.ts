import type { Aws } from '@meridian/aws'
import type { Log } from '@meridian/runner'
import { openClusterStore, readBucketEncryption } from '@meridian/state'
import type { Inputs } from '../inputs.ts'

/** The ARN of the key that is to encrypt a bucket that is made; a multi-Region key has the same id in each region. */
export function keyOf(
  { stateKmsKey: key, cluster }: Pick<Inputs, 'stateKmsKey' | 'cluster'>,
  account: string | undefined,
): string | undefined {
  return key?.startsWith('mrk-') ? `arn:aws:kms:${cluster.region}:${account}:key/${key}` : key
}

/** Warns where a bucket that was there, whose encryption is left as it is, has another key than the one that is given. */
export async function tellOtherKey(
  aws: Aws,
  inputs: Inputs,
  account: string | undefined,
  log: Log,
): Promise<void> {
  const wanted = keyOf(inputs, account)
  const store = wanted && (await openClusterStore(aws, inputs.cluster, inputs.stateStoreAccount))
  if (!store) return
  const is = await readBucketEncryption(store.s3, store.bucket)
  if (is?.KMSMasterKeyID !== wanted)
    log.warning(
      `The state bucket ${store.bucket} encrypts with ${is?.KMSMasterKeyID ?? 'a key of S3'}, not with ${wanted}: state-kms-key counts only for a bucket that create-cluster makes, and what is there stays as it is.`,
    )
}

/** Why machines may not come, where there is a key. */
export const keyAdvice = ({ stateKmsKey }: Pick<Inputs, 'stateKmsKey'>): string =>
  stateKmsKey === undefined
    ? ''
    : ' If no machine ever joins, see whether the boundary of their roles names the key (StateKey in docs/iam).'
