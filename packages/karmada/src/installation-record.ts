import {
  type Identity,
  makeMark,
  type Owned,
  objectAnnotations,
  objectLabels,
  type Reading,
  readObject,
} from '@meridian/identity'
import { ensureObjects, type Kube, type KubeObject } from '@meridian/kube'
import type { InstalledPlane } from './judge-plane.ts'
import { recordName, systemNamespace } from './names.ts'

/**
 * How far an installation of this project's has come. Without it nobody could tell an installation that was cut
 * short, which may be removed, from a federation that has lost a part, which may not. Nor could be told whose it is.
 */
export type InstallationRecord = {
  /** `removing`: nobody else had anything in it when its removal began. */
  state: 'installing' | 'installed' | 'removing'
  version: string
}

/** A record as it was found, with what it says of its owner; one of version 0.1 says nothing of that. */
export type FoundRecord = InstallationRecord & { reading: Reading }

const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: systemNamespace, name: recordName }
const states: readonly string[] = [
  'installing',
  'installed',
  'removing',
] satisfies InstallationRecord['state'][]

/** Writes the record, and before an installation the namespace for it, as the tool would make it. */
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
  await ensureObjects(host, state === 'installing' ? [namespace, map] : [map])
}

/** Notes that the removal has begun, after which nobody needs to be asked any more. */
export async function recordRemoval({ host }: Owned<InstalledPlane>): Promise<void> {
  await host.patch(ref, { data: { state: 'removing' } }, 'merge')
}

export function readRecord(found: KubeObject | undefined): FoundRecord | undefined {
  const { state, version = '' } = (found?.data ?? {}) as Partial<Record<string, string>>
  if (found === undefined || state === undefined) return undefined
  // A state of a later release: whatever it is, there may be a federation.
  const known = states.includes(state) ? (state as InstallationRecord['state']) : 'installed'
  return { state: known, version, reading: readObject(found.metadata) }
}
