import type { Cluster } from './cluster.ts'

// The external address of the first control plane, as its Node reports it.
const controlPlaneAddress = '198.51.100.17'
const reactionSeconds = 20

/**
 * What dns-controller does on a cluster whose API has a name in a hosted zone rather than a load balancer: it
 * replaces the placeholder addresses that the cluster tool has written by the control plane's.
 */
export function startDnsController({ world, aws, spec }: Cluster): () => void {
  const names = [`api.${spec.name}`, `api.internal.${spec.name}`, `kops-controller.internal.${spec.name}`]
  if (spec.apiHost !== names[0]) return () => {}
  const home = spec.account ?? world.accountId
  const task = world.clock.after(reactionSeconds, () => {
    for (const { records } of aws.route53.zones().filter(({ account }) => account === home)) {
      for (const record of names.flatMap(name => records.at(`${name}.`))) {
        if (record.type === 'A') records.put({ ...record, ttl: 60, values: [controlPlaneAddress] })
      }
    }
  })
  return task.cancel
}
