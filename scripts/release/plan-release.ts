import { SemVer } from 'semver'

/** The name that all callable workflows together go by. */
export const workflows = 'workflows'

/** What has a version and tags of its own: an action, or the workflows. */
export type Versioned = { name: string; version: string }

/** Tags of the remote, without `refs/tags/`, and the commits that they name. */
export type Tags = ReadonlyMap<string, string>

/** A tag to be pushed: made where `was` is missing, else moved from there. */
export type TagChange = { tag: string; name: string; was?: string }

/** `<name>/v1.2.3`: the form that Dependabot follows, and Renovate with our preset. */
export function tagOf({ name, version }: Versioned): string {
  return `${name}/v${version}`
}

/**
 * The tags that a release pushes: each version that has none yet, and `<name>/v1` moved to it unless it is a pre-release. What
 * has its tag is left alone, wherever that points. Throws for a version below one of its name that is released.
 */
export function planTags(versioned: readonly Versioned[], tags: Tags): TagChange[] {
  return versioned.filter(one => !tags.has(tagOf(one))).flatMap(one => tagsOf(one, tags))
}

function tagsOf(one: Versioned, tags: Tags): TagChange[] {
  const version = new SemVer(one.version)
  const later = releasedVersions(one.name, tags).find(released => version.compare(released) < 0)
  if (later !== undefined)
    throw new Error(`${one.name} ${one.version} is below ${later}, which is released already`)
  const made: TagChange = { tag: tagOf(one), name: one.name }
  if (version.prerelease.length > 0) return [made]
  const moving = `${one.name}/v${version.major}`
  const was = tags.get(moving)
  return [made, { tag: moving, name: one.name, ...(was !== undefined && { was }) }]
}

function releasedVersions(name: string, tags: Tags): SemVer[] {
  const exact = new RegExp(`^${name}/v(\\d+\\.\\d+\\.\\d+.*)$`)
  return [...tags.keys()].flatMap(tag => exact.exec(tag)?.slice(1) ?? []).map(text => new SemVer(text))
}
