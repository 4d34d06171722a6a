import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { type Aws, connectAws } from '@meridian/aws'
import { type Identity, parseStore } from '@meridian/identity'
import { useUniverse } from '@meridian/lab-universe/testing'
import { testJob } from '@meridian/runner/testing'
import { makeStore, openStore, type Store } from '../src/index.ts'

export const fullName = 'usa.k8s.example.com'
export const region = 'eu-west-1'
export const account = '111122223333'
export const identity: Identity = {
  domain: 'k8s.example.com',
  repository: { id: '1001', name: 'o/r' },
  cluster: fullName,
}
/** Another repository, of the same names. */
export const theirs: Identity = { ...identity, repository: { id: '2002', name: 'else/where' } }

/** A world for the tests of a file, and stores in it, each in a bucket that no other test has. */
export function useStores() {
  const world = useUniverse()
  let names = 0

  async function connect() {
    const job = testJob({ env: world().env })
    names += 1
    return { job, aws: await connectAws(job, {}), bucket: `c${names}.example.com-state` }
  }

  /** A store whose bucket is made for the cluster of the given identity, with a second way to it. */
  async function makeOwn({ path = '', by = identity, at = region } = {}) {
    const { job, aws, bucket } = await connect()
    const location = parseStore(`s3://${bucket}/${path}`)
    const store = await makeStore(aws, { location, region: at, account, identity: by }, job)
    const beside = await openStore(aws, location, { near: at, account })
    if (store === undefined || beside === undefined) throw new Error('the bucket is gone')
    return { job, aws, store, beside }
  }
  return { connect, makeOwn, world }
}

/** Puts an object, twice if it is to have versions. */
export async function put({ s3, bucket }: Store, Key: string, Body = 'x'): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }))
}

/** Leaves a delete marker. */
export const remove = ({ s3, bucket }: Store, Key: string) =>
  s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }))

export const suspendVersions = ({ s3, bucket: Bucket }: Store) =>
  s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }))

/** Everything that is in a bucket, versions and delete markers too. */
export async function listAll({ s3, bucket: Bucket }: Store): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }))
  return [...Versions, ...DeleteMarkers].map(({ Key = '', VersionId }) => `${Key} ${VersionId}`).sort()
}

/** Does something right before a command of the client is sent, once. */
export function before(client: S3Client, command: string, act: () => Promise<unknown>): void {
  let due = true
  client.middlewareStack.add(
    (next, { commandName }) =>
      async args => {
        if (due && commandName === command) {
          due = false
          await act()
        }
        return next(args)
      },
    { step: 'initialize' },
  )
}

/** Lets a client notice a refusal, or no answer, for a command that was carried out; once. */
export function loseAnswer(client: S3Client, command: string, error: Error): void {
  let due = true
  client.middlewareStack.add(
    (next, { commandName }) =>
      async args => {
        const result = await next(args)
        if (!due || commandName !== command) return result
        due = false
        throw error
      },
    { step: 'initialize' },
  )
}

type Answer = { status: number; headers?: Record<string, string>; body?: string }
type Asked = { method: string; path: string; query: Record<string, unknown> }

/** The way to AWS through something that answers some requests in its place. */
export function through(aws: Aws, answer: (asked: Asked) => Answer | undefined): Aws {
  const between = (settings: ReturnType<Aws['settings']>) => {
    const { requestHandler } = settings
    const handler = Object.create(requestHandler) as typeof requestHandler
    handler.handle = async (request, options) => {
      const own = answer({ method: request.method, path: request.path, query: request.query })
      if (own === undefined) return requestHandler.handle(request, options)
      const { status, headers = {}, body = '' } = own
      const response = { statusCode: status, headers, body: Readable.from([Buffer.from(body)]) }
      return { response } as Awaited<ReturnType<typeof handler.handle>>
    }
    return { ...settings, requestHandler: handler }
  }
  return { ...aws, settings: at => between(aws.settings(at)) }
}
