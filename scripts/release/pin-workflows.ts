import { tagOf, type Versioned } from './plan-release.ts'

/** A released action: its version, and the commit that the version's tag names. */
export type Released = Versioned & { commit: string }

/**
 * A workflow of main (`uses: owner/name/actions/x@main`) with each action of this repository pinned to its released commit, the
 * tag beside it. Throws for an action that is not released, and where something else would run: what moves, or `./actions`, which
 * in a called workflow is the caller's checkout.
 */
export function pinActions(workflow: string, slug: string, released: readonly Released[]): string {
  const ours = new RegExp(`(uses: ${slug}/actions/([a-z0-9-]+))@main\\b.*$`, 'gm')
  const pinned = workflow.replace(ours, (line, uses: string, name: string) => {
    const action = released.find(one => one.name === name)
    if (action === undefined) throw new Error(`no released action: ${line}`)
    return `${uses}@${action.commit} # ${tagOf(action)}`
  })
  const moving = new RegExp(`uses: (\\./actions/|${slug}/.*@(?![0-9a-f]{40})).*$`, 'm').exec(pinned)
  if (moving !== null) throw new Error(`a caller would not run what is released: ${moving[0]}`)
  return pinned
}
