import { tagOf, type Versioned, workflows } from './plan-release.ts'

/** Documentation and examples that name actions and workflows of this repository, by their newest versions' tags. */
export function nameRelease(text: string, slug: string, versioned: readonly Versioned[]): string {
  return versioned.reduce((page, one) => {
    const path = one.name === workflows ? '\\.github/workflows/[a-z-]+\\.yml' : `actions/${one.name}`
    return page.replace(new RegExp(`(${slug}/${path})@[\\w./-]+`, 'g'), `$1@${tagOf(one)}`)
  }, text)
}
