import { clusterFolder, regionOfZone } from '@meridian/identity'
import { UserError } from '@meridian/runner'
import { listUnder, readText, type Store } from '@meridian/state'
import { parse } from 'yaml'
import { absentCluster, type ObservedCluster, type SavedConfig } from './observed-cluster.ts'

type ConfigObject = { spec?: { cloudLabels?: Record<string, string>; subnets?: { zone?: string }[] } }

/** Reads a cluster's config; undefined if kops does not know the cluster. Throws for one that is no object of kops'. */
export async function readConfig(store: Store, fullName: string): Promise<SavedConfig | undefined> {
  const found = await readText(store, `${clusterFolder(store, fullName)}config`)
  if (found === undefined) return undefined
  const spec = specOf(found.text)
  if (spec === undefined) {
    throw new UserError(`${clusterFolder(store, fullName)}config in ${store.bucket} is not what kops saves`, {
      fix: 'Whose the cluster is cannot be told, so nothing of it is changed. Restore an earlier version of that object.',
    })
  }
  const zone = spec.subnets?.find(subnet => subnet.zone !== undefined)?.zone
  return { region: zone && regionOfZone(zone), labels: spec.cloudLabels ?? {} }
}

function specOf(text: string): ConfigObject['spec'] {
  try {
    // Not a guess of types: Go writes some texts without quotes that YAML 1.2 takes for numbers.
    const object = parse(text, { schema: 'failsafe' }) as ConfigObject | null
    return typeof object?.spec === 'object' && object.spec !== null ? object.spec : undefined
  } catch {
    return undefined
  }
}

/** Whether kops knows a cluster in a store. */
export async function hasConfig(store: Store, fullName: string): Promise<boolean> {
  return (await readText(store, `${clusterFolder(store, fullName)}config`)) !== undefined
}

/** What a store says of a cluster; one read where it is absent. Absence is S3's own word to a GET or a listing. */
export async function observeCluster(store: Store, fullName: string): Promise<ObservedCluster> {
  const config = await readConfig(store, fullName)
  if (config === undefined) return absentCluster
  const folder = clusterFolder(store, fullName)
  const [groups, files, version] = await Promise.all([
    listUnder(store, `${folder}instancegroup/`),
    listUnder(store, folder),
    readText(store, `${folder}kops-version.txt`),
  ])
  const completed = ['cluster-completed.spec', 'cluster.spec'].some(name =>
    files.keys.includes(folder + name),
  )
  return {
    config,
    instanceGroups: groups.keys.map(key => key.slice(`${folder}instancegroup/`.length)).filter(Boolean),
    completed,
    kopsVersion: version?.text.trim(),
  }
}
