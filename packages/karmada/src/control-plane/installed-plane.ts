import type { Reading } from '@meridian/identity'
import type { Kube, KubeObject } from '@meridian/kube'

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
export type FoundRecord = InstallationRecord & { reading: Reading; object: KubeObject }

/** A control plane by the cluster that it runs in. */
export type InstalledPlane = { readonly host: Kube; readonly record: FoundRecord | undefined }
