import type { Caller, EksUser } from '@meridian/lab-aws'
import type { Store } from '@meridian/lab-kube-api'
import { isFields, listAt, textAt } from '@meridian/lab-world/json'
import { parse } from 'yaml'

/**
 * Whom the ConfigMap aws-auth makes of a caller, where a cluster heeds it; undefined for nobody. As the authenticator
 * does, it compares ARNs without their case, and with the role's whole path.
 */
export function mapByConfigMap(store: Store, caller: Caller): EksUser | undefined {
  const map = store.get('ConfigMap', 'kube-system', 'aws-auth')
  const of = (key: string, arn: string) =>
    readList(textAt(map, 'data', key)).find(
      each => textAt(each, arn).toLowerCase() === caller.canonicalArn.toLowerCase(),
    )
  const entry = of('mapRoles', 'rolearn') ?? of('mapUsers', 'userarn')
  if (!entry) return undefined
  const name = textAt(entry, 'username').replaceAll(
    '{{SessionName}}',
    caller.sessionName.replaceAll('@', '-'),
  )
  return { name: name || caller.canonicalArn, groups: listAt(entry, 'groups').map(String), grants: [] }
}

function readList(text: string): unknown[] {
  try {
    const list: unknown = parse(text)
    return Array.isArray(list) ? list.filter(isFields) : []
  } catch {
    return []
  }
}
