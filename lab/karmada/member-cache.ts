import { keyOf } from '@meridian/lab-clusters/control-loop'
import type { KubeObject } from '@meridian/lab-kube-api'
import { isFields, listAt, textAt } from '@meridian/lab-world/json'
import { type MemberClient, refusalOf } from './member-client.ts'

/** Objects of one kind in a member, as an informer of client-go holds them. */
export type MemberCache = {
  /** Lists them the first time, and when the watch has ended since; throws where that fails. */
  read(): Promise<readonly KubeObject[]>
  close(): void
}

/** Of a path such as `/api/v1/pods`; nothing is sent before they are read. */
export function createMemberCache(client: MemberClient, path: string): MemberCache {
  let objects: Map<string, KubeObject> | undefined
  let close = () => {}

  async function list(): Promise<Map<string, KubeObject>> {
    const answer = await client.request('GET', path)
    if (answer.status !== 200 || !isFields(answer.body)) throw new Error(refusalOf(answer))
    const listed = new Map((listAt(answer.body, 'items') as KubeObject[]).map(each => [keyOf(each), each]))
    const version = textAt(answer.body, 'metadata', 'resourceVersion')
    close()
    close = client.watch(
      `${path}?watch=true&resourceVersion=${version}`,
      ({ type, object }) => {
        if (type === 'DELETED') listed.delete(keyOf(object))
        else listed.set(keyOf(object), object)
      },
      () => {
        if (objects === listed) objects = undefined
      },
    )
    return listed
  }

  return {
    async read() {
      objects ??= await list()
      return [...objects.values()]
    },
    close: () => close(),
  }
}
