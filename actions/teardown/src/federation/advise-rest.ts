import { memberAccounts } from '@meridian/karmada'

/**
 * How to delete what a dead member still has, once it answers: no later run finds it, since only the federation knew of it.
 * Namespaces come last, as what is in them goes with them. What tells nothing of itself (a Work) is not among it. Pure.
 */
export function adviseRest(name: string, left: readonly string[]): string {
  const things = left.flatMap(one => {
    const [, kind = '', space, called] = /^(\S+) (?:([^\s/]+)\/)?(\S+)$/.exec(one) ?? []
    if (called === undefined || kind === 'Work') return []
    return [`${kind.toLowerCase()} ${called}${space === undefined ? '' : ` -n ${space}`}`]
  })
  const role = `clusterrolebinding,clusterrole karmada-controller-manager:karmada-${name}`
  const all = left.includes(memberAccounts) ? [role, ...things] : things
  const isSpace = (thing: string) => thing.startsWith('namespace ')
  const inOrder = [...all.filter(thing => !isSpace(thing)), ...all.filter(isSpace)]
  const commands = inOrder.map(thing => `kubectl --context=${name} delete --ignore-not-found ${thing}`)
  return commands.length === 0
    ? ''
    : `. No later run finds it: once ${name} answers, ${commands.join(' && ')}`
}
