import { type Kube, patchOver } from '@meridian/kube'
import { clusterNamespace, replacedAnnotation, systemNamespace } from '../names.ts'
import { stillOurs } from '../remove-owned.ts'
import type { WorkloadObject } from './detect-control-plane.ts'

const controllers = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: systemNamespace,
  name: 'karmada-controller-manager',
}

/**
 * Starts the controllers anew when a member's credentials have been replaced since they started: before Karmada 1.19
 * (karmada-io/karmada#7663) their watches keep the former token for ever, while the member looks ready. The time
 * of the last replacement is kept on both sides, so that a run that is cut short in between is made good by the next.
 */
export async function renewControllers(host: Kube, federation: Pick<Kube, 'list'>): Promise<boolean> {
  const secrets = await federation.list({ apiVersion: 'v1', kind: 'Secret' }, { namespace: clusterNamespace })
  const replaced = secrets.flatMap(({ metadata }) => metadata.annotations?.[replacedAnnotation] ?? [])
  const latest = replaced.sort().at(-1)
  if (latest === undefined) return false
  const deployment = await host.get<WorkloadObject>(controllers)
  const known = deployment?.spec?.template?.metadata?.annotations?.[replacedAnnotation] ?? ''
  if (deployment === undefined || known >= latest) return false
  const template = { metadata: { annotations: { [replacedAnnotation]: latest } } }
  await patchOver(host, deployment, { spec: { template } }, stillOurs(deployment))
  return true
}
