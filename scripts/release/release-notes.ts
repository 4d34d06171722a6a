import { markdown } from '@meridian/runner'
import { tagOf, type Versioned, workflows } from './plan-release.ts'

/** The changelog's section of one version, without its heading. Throws where there is none. */
export function readNotes(changelog: string, { name, version }: Versioned): string {
  const sections = changelog.split(/^## /m)
  const section = sections.find(one => one.split('\n', 1)[0]?.trim() === version)
  if (section === undefined)
    throw new Error(`${name}'s changelog has no section ${version}: run npm run release -- version`)
  return section.slice(section.indexOf('\n')).trim()
}

/** What a release on GitHub says: the notes, how to name it, and how to check where its bundle was built. */
export function renderRelease(released: Versioned, notes: string, slug: string): string {
  const tag = tagOf(released)
  if (released.name === workflows)
    return [notes, markdown.fence(`uses: ${slug}/.github/workflows/up.yml@${tag}`, 'yaml')].join('\n\n')
  const usage = markdown.fence(`uses: ${slug}/actions/${released.name}@${tag}`, 'yaml')
  const check = markdown.fence(verification(released, slug).join('\n'), 'sh')
  return [notes, usage, 'Where its bundle was built:', check].join('\n\n')
}

function verification(released: Versioned, slug: string): string[] {
  const dist = `released/actions/${released.name}/dist`
  const verify = `gh attestation verify --repo ${slug} --signer-workflow ${slug}/.github/workflows/release.yml`
  // A bundle is several files, of which index.js is only the first that is read.
  return [
    `git -c advice.detachedHead=false clone --quiet --depth 1 --branch ${tagOf(released)} https://github.com/${slug} released`,
    `find ${dist} -name '*js' -print0 | xargs -0 -n 1 ${verify}`,
  ]
}
