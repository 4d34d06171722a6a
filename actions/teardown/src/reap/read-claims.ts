import {
  claimKey,
  formatStore,
  isAmong,
  isProtected,
  judgeClaim,
  type Mark,
  type Reading,
  readTags,
} from '@meridian/identity'
import { readConfig, readingOf, type SavedConfig } from '@meridian/kops'
import { messageOf } from '@meridian/runner'
import { listUnder, openStore, readBucketTags, readClusterClaim, type Store } from '@meridian/state'
import type { Work } from '../work.ts'
import { adviseTeardown } from './advise-teardown.ts'
import { completeMark, type Doubt, type Finding, type FoundClaim, none, rootOfName } from './claims.ts'
import { rootOfPlace, type StorePlace } from './find-places.ts'
import { settleEach } from './settle-each.ts'

const claimEnding = '.claim.json'
/** A bucket that one run has made for one cluster has few folders; in another, the stores are to be named. */
const mostFolders = 100

/** All that a store says of claims. What cannot be read is a doubt, and keeps nothing else from being read. */
export async function readStore(work: Work, place: StorePlace): Promise<Finding[]> {
  const { job, aws } = work
  const { location, near, account } = place
  try {
    const store = await openStore(aws, location, { near, account })
    if (store !== undefined) return await readAll(work, store)
    // The tagging API goes on telling of buckets that are gone.
    if (place.hearsay !== undefined) return []
    throw new Error('there is no such bucket')
  } catch (error) {
    job.signal.throwIfAborted()
    if (isOthers(work, place)) return []
    return [doubtOf(rootOfPlace(place), `The store ${formatPlace(place)} could not be read`, error)]
  }
}

/** Whether a bucket says that it is none of those that this run may touch: then it may be kept from it, too. */
function isOthers({ identity, inputs }: Work, { hearsay }: StorePlace): boolean {
  const repository = hearsay?.kind === 'marked' ? hearsay.mark.repository : undefined
  return repository !== undefined && !isAmong(repository, identity.repository, inputs.owners)
}

async function readAll(work: Work, store: Store): Promise<Finding[]> {
  const tags = await readBucketTags(store.s3, store.bucket)
  const made = readTags(tags)
  const isOwn = made.kind === 'marked' && made.mark.schema >= 2
  const found = await listClaimed(store, isOwn ? mostFolders : 0)
  const findings = await settleEach(found.names, ([at, name]) => readCluster(work, at, name, tags))
  if (found.left > 0) findings.push(tooManyFolders(store, found.left))
  if (made.kind === 'marked' && made.mark.schema < 2 && findings.every(({ kind }) => kind === 'none'))
    findings.push(noteLegacy(store))
  const cluster = isOwn ? made.mark.cluster : undefined
  if (cluster !== undefined && !found.names.some(([, name]) => name === cluster))
    findings.push(judgeBucket(store, cluster, tags))
  return findings
}

/** A run that died between making the bucket and claiming the cluster has left the bucket alone. */
function judgeBucket(store: Store, fullName: string, tags: Seen['tags']): Finding {
  const finding = judgeReading({ store, fullName, tags, config: undefined }, readTags(tags))
  return finding.kind === 'claim' ? { ...finding, claim: { ...finding.claim, isOfBucket: true } } : finding
}

function noteLegacy({ bucket }: Store): Finding {
  const text = `The bucket ${bucket} stays: it has a tag of version 0.1, which proves nothing, and holds no cluster with labels of ours. If it is yours and empty, remove it: aws s3 rb s3://${bucket}`
  return { kind: 'note', text }
}

type Name = readonly [Store, string]

/**
 * Names of what is a cluster in a store, or may be: whatever has a claim, or is a folder. In a bucket of ours folders that
 * are no clusters are looked into, since a store may have a path.
 */
async function listClaimed(store: Store, depth: number): Promise<{ names: Name[]; left: number }> {
  const names: Name[] = []
  const paths = [store.path]
  for (let count = 0; paths.length > 0 && count <= depth; count += 1) {
    const at: Store = { ...store, path: paths.shift() ?? '' }
    const start = at.path === '' ? '' : `${at.path}/`
    const { keys, folders } = await listUnder(at, start)
    const claimed = keys.flatMap(key =>
      key.endsWith(claimEnding) ? [key.slice(start.length, -claimEnding.length)] : [],
    )
    const inside = folders.map(folder => folder.slice(start.length, -1)).filter(Boolean)
    for (const name of new Set([...claimed, ...inside])) names.push([at, name])
    if (depth > 0)
      paths.push(...inside.filter(name => !isClusterName(name, claimed)).map(name => start + name))
  }
  return { names, left: depth > 0 ? paths.length : 0 }
}

/** kops' clusters have names with dots; that it has a claim tells it for certain. */
function isClusterName(name: string, claimed: readonly string[]): boolean {
  return claimed.includes(name) || name.includes('.')
}

function tooManyFolders(store: Store, left: number): Finding {
  const text = `The bucket ${store.bucket} has ${left} folders more than were looked through for claims: name the stores in it with state-stores.`
  return { kind: 'doubt', doubt: { root: undefined, text } }
}

/** What one cluster's claim says, or what stands in for it. */
async function readCluster(
  work: Work,
  store: Store,
  fullName: string,
  tags: Readonly<Record<string, string>>,
): Promise<Finding> {
  try {
    const [seen, config] = await Promise.all([
      readClusterClaim(store, fullName),
      fullName.includes('.') ? readConfig(store, fullName) : undefined,
    ])
    const reading = readingOf(seen, config)
    const finding = judgeReading({ store, fullName, config, tags }, reading)
    const isLost = seen.etag === undefined && finding.kind === 'claim' && finding.claim.mark.schema >= 2
    // Its labels tell whose it is. Until when it is wanted only the claim did.
    return isLost ? doubtOf(rootOfName(fullName), explainLost(work, finding.claim)) : finding
  } catch (error) {
    work.job.signal.throwIfAborted()
    return doubtOf(rootOfName(fullName), `The claim of ${fullName} could not be read`, error)
  }
}

type Seen = {
  readonly store: Store
  readonly fullName: string
  readonly config: SavedConfig | undefined
  /** Of the bucket. */
  readonly tags: Readonly<Record<string, string>>
}

/** What was read of a cluster as a claim, if it is one. Pure. */
function judgeReading({ store, fullName, config, tags }: Seen, reading: Reading): Finding {
  if (reading.kind === 'unmarked' || reading.kind === 'alien') return none
  const root = rootOfName(fullName)
  if (reading.kind === 'unreadable') return doubtOf(root, `Whose ${fullName} is cannot be told`, reading.why)
  if ((reading.mark.cluster ?? fullName) !== fullName)
    return doubtOf(root, `The claim of ${fullName} names another cluster, ${reading.mark.cluster}`)
  const mark = completeMark(prolong(reading.mark, tags), fullName)
  if (mark === undefined)
    return doubtOf(
      root,
      `The name of ${fullName} does not fit the environment '${reading.mark.owner}' of its tags`,
    )
  const isKept = isProtected(tags) || isProtected(config?.labels ?? {})
  const region = config?.region ?? mark.region ?? store.region
  return { kind: 'claim', claim: { store, fullName, region, mark, isProtected: isKept } }
}

/**
 * Version 0.1 wrote a new expiry to the bucket's tags alone. They prove nothing, but they may prolong a life. Pure.
 */
function prolong(mark: Mark, tags: Readonly<Record<string, string>>): Mark {
  const bucket = readTags(tags)
  if (mark.schema >= 2 || mark.expiresAt === undefined || bucket.kind !== 'marked') return mark
  const { owner, expiresAt } = bucket.mark
  const isLater = expiresAt !== undefined && !(Date.parse(expiresAt) <= Date.parse(mark.expiresAt))
  return owner === mark.owner && isLater ? { ...mark, expiresAt } : mark
}

/**
 * The same claim, read again; undefined if it is gone. Throws where it cannot be read, and where it is another identity's
 * by now.
 */
export async function readAgain(work: Work, before: FoundClaim): Promise<FoundClaim | undefined> {
  const { store, fullName } = before
  const tags = await readBucketTags(store.s3, store.bucket)
  const seen = await readCluster(work, store, fullName, tags)
  const now = seen.kind === 'none' && before.isOfBucket ? judgeBucket(store, fullName, tags) : seen
  if (now.kind === 'doubt') throw new Error(now.doubt.text)
  if (now.kind !== 'claim') return undefined
  const { claim } = now
  const whose = judgeClaim(
    claim,
    { kind: 'marked', mark: claim.mark },
    { ...work.identity, cluster: fullName },
  )
  if (whose.kind === 'foreign') throw new Error(`${fullName} belongs to ${whose.whose} now`)
  return claim
}

function doubtOf(root: string | undefined, what: string, why?: unknown): Finding {
  const reason = why === undefined ? '' : `: ${typeof why === 'string' ? why : messageOf(why)}`
  const doubt: Doubt = { root, text: `${what}${reason}` }
  return { kind: 'doubt', doubt }
}

function formatPlace({ location: { bucket, path } }: StorePlace): string {
  return `s3://${bucket}${path === '' ? '' : `/${path}`}`
}

/** With what ends it, and what makes it wanted again: both write the claim anew. */
function explainLost(work: Work, { store, fullName, region, mark }: FoundClaim): string {
  const going = adviseTeardown(work, { fullName, region, mark, stateStore: formatStore(store) })
  return `${fullName} has lost its claim s3://${store.bucket}/${claimKey(store, fullName)}, and its labels do not tell until when it is wanted. If nobody wants it, run teardown with ${going}. If somebody does, run its create-cluster again`
}
