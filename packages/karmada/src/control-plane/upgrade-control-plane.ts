import { applyOver, covers, type Kube, type KubeObject, refOf } from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import { systemNamespace } from '../names.ts'
import { stillOursOr } from '../remove-owned.ts'
import type { WorkloadObject } from './detect-control-plane.ts'
import { waitControlPlane } from './wait-control-plane.ts'

type UpgradeJob = Pick<Job, 'signal' | 'deadline' | 'log'>

/** Tells the version of the whole, so it comes last: an upgrade that was cut short is then still to be done. */
const lastComponent = 'karmada-controller-manager'

/**
 * Brings a control plane to another version: first the definitions of Karmada's types, then the image of one
 * component after the other, each awaited. Arguments and webhooks stay as they are, and so do etcd and Kubernetes'
 * own API server and controllers, which a release of Karmada does not ask to be changed.
 */
export async function upgradeControlPlane(
  job: UpgradeJob,
  host: Kube,
  federation: Kube,
  target: { version: string; definitions: readonly KubeObject[] },
): Promise<void> {
  for (const definition of target.definitions) {
    const present = await federation.get(refOf(definition))
    const look = { seen: present, judge: stillOursOr(definition, present) }
    if (!covers(present, definition)) await applyOver(federation, definition, look, { force: true })
  }
  job.log.info(`${target.definitions.length} definitions are those of Karmada ${target.version}`)
  for (const change of await planImages(host, target.version)) {
    await host.patch(change.ref, change.patch, 'json')
    job.log.info(`${change.ref.name}: ${change.image}`)
    await waitControlPlane(job, host)
  }
}

type ImageChange = { ref: ReturnType<typeof refOf>; image: string; patch: object[] }

async function planImages(host: Pick<Kube, 'list'>, version: string): Promise<ImageChange[]> {
  const type = { apiVersion: 'apps/v1', kind: 'Deployment' }
  const deployments = await host.list<WorkloadObject>(type, { namespace: systemNamespace })
  return deployments
    .flatMap(deployment => changeOf(deployment, version))
    .sort((a, b) => Number(a.ref.name === lastComponent) - Number(b.ref.name === lastComponent))
}

/** The patch names the image that it replaces, so that it fails where somebody else was quicker. */
function changeOf(deployment: WorkloadObject, version: string): ImageChange[] {
  const containers = deployment.spec?.template?.spec?.containers ?? []
  const changes = containers.flatMap(({ image = '' }, at) => {
    const next = imageOf(image, version)
    if (next === undefined || next === image) return []
    const path = `/spec/template/spec/containers/${at}/image`
    return [
      { op: 'test', path, value: image },
      { op: 'replace', path, value: next },
    ]
  })
  const image = changes.at(-1)?.value
  return image === undefined ? [] : [{ ref: refOf(deployment), image, patch: changes }]
}

/** An image of Karmada's own in another version, from the same registry; undefined for an image of others. */
export function imageOf(image: string, version: string): string | undefined {
  const [, name, tag] = /^((?:.*\/)?karmada-[a-z-]+)(:v[^@:/]+)?(?:@.*)?$/.exec(image) ?? []
  if (name === undefined) return undefined
  if (tag !== undefined && !image.includes('@')) return `${name}:v${version}`
  throw new UserError(`the image ${image} is not named by its version`, {
    fix: 'Give it the tag of the version in its Deployment, or upgrade the control plane by hand.',
  })
}
