import { memberAccounts } from '@meridian/karmada'

/**
 * How to delete what a dead member still has, once it answers: no later run finds it, since only the federation knew of it.
 * `own` bears the run's mark. What else the federation had put there is others', or nobody has marked it: it stays, as do
 * namespaces. Pure.
 */
export function adviseRest(name: string, left: readonly string[], own: readonly string[]): string {
  const things = own.flatMap(one => {
    const [, kind = '', space, called] = /^(\S+) (?:([^\s/]+)\/)?(\S+)$/.exec(one) ?? []
    if (called === undefined || ['Work', 'Namespace', 'namespace'].includes(kind)) return []
    return [`${kind.toLowerCase()} ${called}${space === undefined ? '' : ` -n ${space}`}`]
  })
  const accounts = [
    `clusterrolebinding,clusterrole karmada-controller-manager:karmada-${name}`,
    `secret,serviceaccount karmada-${name} -n karmada-cluster`,
  ]
  const commands = [...(left.includes(memberAccounts) ? accounts : []), ...things].map(
    thing => `kubectl --context=${name} delete --ignore-not-found ${thing}`,
  )
  if (commands.length === 0) return ''
  return `. No later run finds it: once ${name} answers, ${commands.join(' && ')}; of its namespaces delete those that are empty then`
}
