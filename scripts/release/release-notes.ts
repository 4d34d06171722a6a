import { tagOf, type Versioned } from './plan-release.ts'

/** The changelog's section of one version, without its heading. Throws where there is none. */
export function readNotes(changelog: string, { name, version }: Versioned): string {
  const sections = changelog.split(/^## /m)
  const section = sections.find(one => one.split('\n', 1)[0]?.trim() === version)
  if (section === undefined)
    throw new Error(`${name}'s changelog has no section ${version}: run npm run release:version`)
  return section.slice(section.indexOf('\n')).trim()
}

/** What a release on GitHub says: the notes, how to name it, and how to check where its bundle was built. */
export function renderRelease(released: Versioned, notes: string, slug: string): string {
  const tag = tagOf(released)
  const usage =
    released.name === 'workflows'
      ? `uses: ${slug}/.github/workflows/up.yml@${tag}`
      : `uses: ${slug}/actions/${released.name}@${tag}`
  const check =
    released.name === 'workflows'
      ? []
      : ['Where its bundle was built:', ['```sh', ...verification(released, slug), '```'].join('\n')]
  return [notes, ['```yaml', usage, '```'].join('\n'), ...check].join('\n\n')
}

function verification(released: Versioned, slug: string): string[] {
  const bundle = `https://github.com/${slug}/raw/${tagOf(released)}/actions/${released.name}/dist/index.js`
  return [
    `curl --fail --silent --show-error --location --output index.js ${bundle}`,
    `gh attestation verify index.js --repo ${slug} --signer-workflow ${slug}/.github/workflows/release.yml`,
  ]
}
