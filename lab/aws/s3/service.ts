import { type AwsAnswer, AwsError, type AwsRequest, header, type Service } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import { type Address, readAddress } from './address.ts'
import type { Bucket } from './bucket.ts'
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
} from './bucket-operations.ts'
import { settingOperations } from './bucket-settings.ts'
import type { Buckets } from './buckets.ts'
import { checkAccess } from './check-access.ts'
import { deleteObject, deleteObjects, refuseEachDeletion } from './delete-operations.ts'
import { keyNeeds } from './kms-keys.ts'
import { listObjects, listObjectVersions } from './list-operations.ts'
import {
  abortUpload,
  completeUpload,
  createUpload,
  listParts,
  listUploads,
  uploadPart,
} from './multipart-operations.ts'
import { getLockOf } from './object-lock.ts'
import { findReadable, getObject, putObject } from './object-operations.ts'
import { findOperation } from './routes.ts'
import { writeS3Error } from './s3-error.ts'

/** S3, with bucket names both in the host and in the path. */
export function createS3(world: World, buckets: Buckets): Service {
  let count = 0
  return {
    name: 's3',
    operation: findOperation,
    isWrite: operation => !/^(Get|Head|List)/.test(operation),
    needs(request, operation) {
      const { bucket: name, key } = readAddress(request)
      const bucket = buckets.list().find(each => each.name === name)
      return bucket === undefined ? [] : keyNeeds(bucket, operation, key, request)
    },
    refuse: (error, request) =>
      /: s3:DeleteObject/.test(error.message) && findOperation(request) === 'DeleteObjects'
        ? refuseEachDeletion(request, error)
        : writeS3Error(error),
    answer(request, operation) {
      count += 1
      if (world.faults.active('s3-500') && count % 7 === 0) {
        throw new AwsError(500, 'InternalError', 'We encountered an internal error. Please try again.')
      }
      const address = readAddress(request)
      if (operation === 'ListBuckets') return listBuckets(buckets, request)
      if (operation === 'CreateBucket') return createBucket(buckets, address.bucket, request)
      if (operation === 'GetBucketLocation') {
        const bucket = buckets.locate(address.bucket)
        checkAccess(bucket, request, operation)
        return getBucketLocation(bucket)
      }
      const bucket = buckets.get(address.bucket, request)
      checkAccess(bucket, request, operation)
      if (operation === 'DeleteBucket') return deleteBucket(buckets, bucket)
      const setting = settingOperations[operation]
      return setting ? setting(bucket, request, world) : perform(world, bucket, address, operation, request)
    },
  }
}

/** Two conditional writes of one key at the same time: one of them may fail without either condition being wrong. */
function checkConflict(world: World, bucket: Bucket, key: string, request: AwsRequest): void {
  const conditional = header(request, 'if-match') ?? header(request, 'if-none-match')
  if (conditional === undefined || !world.faults.strike('s3-conflict', `${bucket.name}/${key}`, 2)) return
  const words = 'The conditional request cannot succeed due to a conflicting operation against this resource.'
  throw new AwsError(409, 'ConditionalRequestConflict', words)
}

function perform(
  world: World,
  bucket: Bucket,
  { key }: Address,
  operation: string,
  request: AwsRequest,
): AwsAnswer {
  const now = world.clock.now()
  switch (operation) {
    case 'HeadBucket':
      return headBucket(bucket)
    case 'ListObjects':
    case 'ListObjectsV2':
      return listObjects(bucket, request)
    case 'ListObjectVersions':
      return listObjectVersions(bucket, request)
    case 'PutObject':
      checkConflict(world, bucket, key, request)
      return putObject(bucket, key, request, now)
    case 'GetObject':
    case 'HeadObject':
      return getObject(bucket, key, request)
    case 'GetObjectRetention':
    case 'GetObjectLegalHold':
      return getLockOf(findReadable(bucket, key, request.query.get('versionId')), operation)
    case 'DeleteObject':
      checkConflict(world, bucket, key, request)
      return deleteObject(bucket, key, request, now)
    case 'DeleteObjects':
      return deleteObjects(bucket, request, now, () => world.faults.strike('s3-key-errors', bucket.name, 3))
    case 'ListMultipartUploads':
      return listUploads(bucket, request)
    case 'CreateMultipartUpload':
      return createUpload(world, bucket, key, request)
    case 'UploadPart':
      return uploadPart(world, bucket, key, request)
    case 'CompleteMultipartUpload':
      return completeUpload(world, bucket, key, request)
    case 'AbortMultipartUpload':
      return abortUpload(bucket, key, request)
    case 'ListParts':
      return listParts(bucket, key, request)
    default:
      throw new AwsError(
        501,
        'NotImplemented',
        'A header you provided implies functionality that is not implemented',
      )
  }
}
