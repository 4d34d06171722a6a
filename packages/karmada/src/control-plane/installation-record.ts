import {
  type Identity,
  makeMark,
  type Owned,
  objectAnnotations,
  objectLabels,
  readObject,
} from '@meridian/identity'
import { describeRef, ensureObjects, type Kube, type KubeObject, patchOver, refOf } from '@meridian/kube'
import { UserError } from '@meridian/runner'
import { claimObject } from '../apps/app-objects.ts'
import { recordName, systemNamespace } from '../names.ts'
import { stillOurs } from '../remove-owned.ts'
import type { FoundRecord, InstallationRecord, InstalledPlane } from './installed-plane.ts'

const states: readonly string[] = [
  'installing',
  'installed',
  'removing',
] satisfies InstallationRecord['state'][]

/**
 * Writes the record, and before an installation the namespace for it, as the tool would make it. Throws a UserError if
 * another has written either of them meanwhile.
 */
export async function writeRecord(
  host: Pick<Kube, 'get' | 'apply'>,
  { state, version }: InstallationRecord,
  identity: Identity,
): Promise<void> {
  const installer = { ...identity, app: undefined }
  const annotations = objectAnnotations(makeMark(installer))
  const labels = { 'karmada.io/system': 'true' }
  const metadata = { name: systemNamespace, labels, annotations }
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata }
  const map = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: systemNamespace, name: recordName, labels: objectLabels(installer), annotations },
    data: { state, version },
  }
  const judge = (live: KubeObject) => refuseForeign(live, installer)
  await ensureObjects(host, state === 'installing' ? [namespace, map] : [map], judge)
}

/** Notes that the removal has begun, after which nobody needs to be asked any more. */
export async function recordRemoval({ host, record }: Owned<InstalledPlane>): Promise<void> {
  if (record === undefined) return
  await patchOver(host, record.object, { data: { state: 'removing' } }, stillOurs(record.object))
}

function refuseForeign(live: KubeObject, owner: Identity): void {
  const claim = claimObject(live, owner)
  if (claim.kind === 'ours' || claim.kind === 'unclaimed') return
  const whose = claim.kind === 'foreign' ? claim.whose : `nobody can tell whom: ${claim.why}`
  throw new UserError(`${describeRef(refOf(live))} has been made by another meanwhile, for ${whose}`, {
    fix: 'Nothing of it was changed. Run again, to see whose the control plane is now.',
  })
}

/** Reads a ConfigMap as a record of an installation; undefined where there is none or it is no such record. */
export function readRecord(found: KubeObject | undefined): FoundRecord | undefined {
  const { state, version = '' } = (found?.data ?? {}) as Partial<Record<string, string>>
  if (found === undefined || state === undefined) return undefined
  // A state of a later release: whatever it is, there may be a federation.
  const known = states.includes(state) ? (state as InstallationRecord['state']) : 'installed'
  return { state: known, version, reading: readObject(found.metadata), object: found }
}
