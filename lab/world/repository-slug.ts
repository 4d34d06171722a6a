import { readFileSync } from 'node:fs'

/** Reads `owner/name` from the `repository` of this repository's own package.json. */
export function repositorySlug(): string {
  const manifest: { repository?: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  const slug = /([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(manifest.repository ?? '')?.[1]
  if (slug === undefined) throw new Error('package.json: `repository` must name the repository on GitHub')
  return slug
}
