import type { Kube } from '@meridian/kube'
import { listAllBindings } from '../apps/list-bindings.ts'

/** The load balancers that members have last reported, by the name of the member, whoever has made them. */
export async function listMemberHostnames(federation: Pick<Kube, 'list'>): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const { status } of await listAllBindings(federation)) {
    for (const { clusterName, status: reported } of status?.aggregatedStatus ?? []) {
      const addresses = (reported?.loadBalancer?.ingress ?? []).flatMap(
        ({ hostname, ip }) => hostname ?? ip ?? [],
      )
      found.set(clusterName, [...(found.get(clusterName) ?? []), ...addresses])
    }
  }
  return found
}
