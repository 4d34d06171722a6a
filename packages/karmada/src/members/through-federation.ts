import { connectBehind, type InnerKube, type Kube } from '@meridian/kube'
import { memberPath } from '../names.ts'

/** The APIs of members, by their names, as the federation passes requests on to them. What each serves is asked once. */
export function createMembers(federation: Kube): (name: string) => InnerKube {
  const members = new Map<string, InnerKube>()
  return name => {
    const member = members.get(name) ?? connectBehind(federation, name, memberPath(name))
    members.set(name, member)
    return member
  }
}
