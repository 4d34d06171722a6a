import type { InitializeHandler, MetadataBearer, MiddlewareStack } from '@smithy/types'
import { explainAws } from './errors.ts'
import { requireOwnAnswers } from './own-answer.ts'

/** IAM's name of an operation, where it is not the operation's own. */
const permissions: Record<string, string> = {
  's3:HeadBucket': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
  's3:ListObjectsV2': 's3:ListBucket',
  's3:ListObjectVersions': 's3:ListBucketVersions',
  's3:ListMultipartUploads': 's3:ListBucketMultipartUploads',
  's3:DeleteObjects': 's3:DeleteObjectVersion',
  's3:PutBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:ListBuckets': 's3:ListAllMyBuckets',
  'tag:GetResources': 'tag:GetResources',
}

/**
 * Makes each call of a client that AWS refuses fail with a UserError that names the missing permission.
 * The original error stays reachable as its cause, where `isAccessDenied` and the like find it. An answer that is not
 * AWS's own fails too.
 */
export function explainRefusals<
  Input extends object,
  Output extends MetadataBearer,
  Client extends { middlewareStack: MiddlewareStack<Input, Output> },
>(service: string, client: Client): Client {
  client.middlewareStack.add(
    (next: InitializeHandler<Input, Output>, context) => async args => {
      try {
        return await next(args)
      } catch (error) {
        const operation = (context.commandName ?? '').replace(/Command$/, '')
        const permission = permissions[`${service}:${operation}`] ?? `${service}:${operation}`
        throw explainAws(error, `${service} ${operation}`, permission) ?? error
      }
    },
    { step: 'initialize', name: 'explainRefusals', priority: 'high' },
  )
  return requireOwnAnswers<Input, Output, Client>(service, client)
}
