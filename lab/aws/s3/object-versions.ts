import type { Lock } from './lock.ts'

/** One version of an object, or the mark that it was deleted. */
export type Version = {
  key: string
  /** `null` as a word for what was written without versioning. */
  versionId: string
  deleteMarker: boolean
  body: Buffer
  etag: string
  at: number
  /** Content type, `x-amz-meta-*` and checksum headers, as they were sent. */
  headers: Record<string, string>
  lock?: Lock
  legalHold?: boolean
}

export type ObjectVersions = {
  /** The newest version, delete markers included. */
  latest(key: string): Version | undefined
  find(key: string, versionId: string): Version | undefined
  /** Adds a version; without versioning (or suspended) it replaces the one called `null`. */
  put(version: Omit<Version, 'versionId'>, versioning: Versioning): Version
  /** Removes exactly one version. */
  drop(key: string, versionId: string): Version | undefined
  /** Counts up with every version that is put, and is known of those that are gone. */
  ageOf(key: string, versionId: string): number | undefined
  /** Every version, by key in byte order, newest first within a key. */
  all(): Version[]
  isEmpty(): boolean
}

type Versioning = 'Enabled' | 'Suspended' | undefined

/** No objects. While a bucket is not versioned, or no longer, each key has one version, `null`. */
export function createObjectVersions(newId: () => string): ObjectVersions {
  const byKey = new Map<string, Version[]>()
  const ages = new Map<string, number>()
  let count = 0

  function drop(key: string, versionId: string): Version | undefined {
    const versions = byKey.get(key) ?? []
    const found = versions.find(version => version.versionId === versionId)
    const rest = versions.filter(version => version !== found)
    if (rest.length > 0) byKey.set(key, rest)
    else byKey.delete(key)
    return found
  }

  return {
    latest: key => byKey.get(key)?.[0],
    find: (key, versionId) => byKey.get(key)?.find(version => version.versionId === versionId),
    put(given, versioning) {
      const version = { ...given, versionId: versioning === 'Enabled' ? newId() : 'null' }
      if (versioning !== 'Enabled') drop(given.key, 'null')
      ages.set(`${version.versionId} ${given.key}`, ++count)
      byKey.set(given.key, [version, ...(byKey.get(given.key) ?? [])])
      return version
    },
    drop,
    ageOf: (key, versionId) => ages.get(`${versionId} ${key}`),
    all: () => [...byKey.keys()].sort(byBytes).flatMap(key => byKey.get(key) ?? []),
    isEmpty: () => byKey.size === 0,
  }
}

/** S3's order of keys, which is not that of JavaScript's strings beyond ASCII. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
