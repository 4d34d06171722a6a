import { type Identity, ownerOf } from './names.ts'

/** The birth certificate of an environment's resources: who made them, when, and until when they are wanted. */
export type Birth = {
  readonly identity: Identity
  /** The repository whose workflow made it, `owner/name`. */
  readonly repository: string
  /** The URL of the run. */
  readonly run: string
  readonly createdAt: Date
  readonly expiresAt?: Date | undefined
  readonly version: string
  readonly pullRequest?: number | undefined
}

/** The tags of design: on the state bucket, and on cloud resources through kops. */
export function birthTags(birth: Birth): Record<string, string> {
  return {
    'meridian:environment': ownerOf(birth.identity),
    'meridian:owner': birth.repository,
    'meridian:run': birth.run,
    'meridian:created-at': formatInstant(birth.createdAt),
    ...(birth.expiresAt && { 'meridian:expires-at': formatInstant(birth.expiresAt) }),
    'meridian:version': birth.version,
    ...(birth.pullRequest !== undefined && { 'meridian:pull-request': String(birth.pullRequest) }),
  }
}

/** Labels of every Kubernetes object that belongs to an identity's app. */
export function objectLabels(identity: Identity): Record<string, string> {
  return { 'app.kubernetes.io/managed-by': 'meridian', 'meridian.dev/environment': ownerOf(identity) }
}

/** RFC 3339 without fractions. */
export function formatInstant(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z')
}
