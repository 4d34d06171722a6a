import { ensureObjects, type Kube, type KubeObject } from '@meridian/kube'
import { recordName, systemNamespace } from './names.ts'

/**
 * How far an installation of this project's has come. Without it nobody could tell an installation that was cut
 * short, which may be removed, from a federation that has lost a part, which may not.
 */
export type InstallationRecord = { state: 'installing' | 'installed'; version: string }

/** Writes the record, and before an installation the namespace for it, as the tool would make it. */
export async function writeRecord(
  host: Pick<Kube, 'get' | 'apply'>,
  record: InstallationRecord,
): Promise<void> {
  const labels = { 'karmada.io/system': 'true' }
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: systemNamespace, labels } }
  const metadata = { namespace: systemNamespace, name: recordName }
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: record }
  await ensureObjects(host, record.state === 'installing' ? [namespace, map] : [map])
}

export function readRecord(found: KubeObject | undefined): InstallationRecord | undefined {
  const { state, version = '' } = (found?.data ?? {}) as Partial<Record<string, string>>
  return state === 'installing' || state === 'installed' ? { state, version } : undefined
}
