import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  appLabel,
  claimKey,
  type Identity,
  type Mark,
  makeMark,
  markAnnotation,
  objectAnnotations,
  objectLabels,
  writeClaim,
  writeTags,
} from '@meridian/identity'
import { managedAnnotations, managedLabels } from '@meridian/lab-karmada'
import type { Store } from '@meridian/lab-kube-api'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { until } from '@meridian/lab-world'
import { longAgo } from './cluster-world.ts'
import { type Relation, shop } from './owners.ts'
import { runHere } from './run-here.ts'

const zones = { usa: 'us-east-1a', eur: 'eu-west-1a' } as const
export type Name = keyof typeof zones
const nameOf = (alias: Name) => `${alias}.pr-1.k8s.example.com`
export const host = nameOf('usa')

export const clustersOf = (...names: Name[]) =>
  `[${names.map(name => `{name: ${name}, region: ${zones[name].slice(0, -1)}}`).join(', ')}]`

export const manifest = `
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {color: blue}
`

/** Two clusters of the run's own in one federation, which holds its app: each as the actions make it. */
export async function openFederation({ run }: Pick<Relation, 'run'>): Promise<Universe> {
  const universe = await startUniverse({ scale: 10_000 })
  const { accountId } = universe.world
  const identity: Identity = { ...run, repository: shop, account: accountId }
  for (const alias of Object.keys(zones) as Name[]) {
    const mark = { ...makeMark({ ...identity, cluster: nameOf(alias) }), expiresAt: longAgo }
    const bucket = `${nameOf(alias)}-state`
    const region = zones[alias].slice(0, -1)
    universe.aws.s3.addBucket(bucket, { region, versioned: true, tags: writeTags(mark) })
    universe.aws.s3.putObject(bucket, claimKey({ path: '' }, nameOf(alias)), writeClaim(mark))
    await universe.addCluster(nameOf(alias), { zone: zones[alias], labels: writeTags(mark) })
  }
  await federate(universe, { run })
  return universe
}

/** Joins the clusters and deploys the app, as far as that is not done. */
export async function federate(universe: Universe, { run }: Pick<Relation, 'run'>): Promise<void> {
  const given = { domain: run.domain, environment: run.environment ?? '', clusters: clustersOf('usa', 'eur') }
  const federation = universe.clusters.federations()[0]?.store
  const joined = federation?.get('Cluster', undefined, 'eur') !== undefined
  const app = federation?.get('ConfigMap', 'web', 'web')?.data as { color?: string } | undefined
  if (!joined) await succeed(universe, { action: 'federate', inputs: given })
  if (joined && app?.color === 'blue') return
  await succeed(universe, {
    action: 'deploy-federated-app',
    inputs: { ...given, manifests: 'app.yaml', namespace: 'web', app: 'default' },
    files: { 'app.yaml': manifest },
  })
}

async function succeed(universe: Universe, run: Parameters<typeof runHere>[1]): Promise<void> {
  const { error } = await runHere(universe, { ...run, env: await environmentOf(universe) })
  if (error !== undefined) throw new Error(error)
}

const environments = new WeakMap<Universe, Record<string, string>>()

/** With contexts for everything that serves, as earlier steps of a job would leave them. */
export async function environmentOf(universe: Universe): Promise<Record<string, string>> {
  const known = environments.get(universe)
  if (known !== undefined) return known
  const path = join(universe.directory, 'all.kubeconfig')
  await writeFile(path, await universe.kubeconfig(), { mode: 0o600 })
  const env = { KUBECONFIG: path }
  if (universe.clusters.federations().length > 0) environments.set(universe, env)
  return env
}

/** What the rows of a table are about. */
export type Kind = 'plane' | 'member' | 'app'
/** `garbled`: there is something where the mark would be; undefined: nothing. */
export type Written = Mark | 'garbled' | undefined

type Place = { store: Store; kind: string; namespace?: string; name: string }

function placesOf(universe: Universe, kind: Kind): Place[] {
  const federation = universe.clusters.federations()[0]?.store
  const clusters = universe.clusters.clusters()
  const own = clusters.find(({ spec }) => spec.name === host)?.store
  if (federation === undefined || own === undefined) throw new Error('there is no federation')
  const system = 'karmada-system'
  const places: Record<Kind, Place[]> = {
    plane: [
      { store: own, kind: 'ConfigMap', namespace: system, name: 'meridian-installation' },
      { store: own, kind: 'Namespace', name: system },
    ],
    member: [{ store: federation, kind: 'Cluster', name: 'eur' }],
    app: [
      { store: federation, kind: 'PropagationPolicy', namespace: 'web', name: 'web-configmap' },
      // Karmada brings to the members what a template has, and takes away there what it has no more.
      ...[federation, ...clusters.map(({ store }) => store)].flatMap((store): Place[] => [
        { store, kind: 'ConfigMap', namespace: 'web', name: 'web' },
        { store, kind: 'Namespace', name: 'web' },
      ]),
    ],
  }
  return places[kind]
}

/** Whoever installs a control plane by other means leaves no record of it. */
function keepRecord(universe: Universe, present: boolean): void {
  const [place] = placesOf(universe, 'plane')
  if (place === undefined) return
  const { store, kind, namespace, name } = place
  const found = store.get(kind, namespace, name)
  if (!present) store.remove(kind, namespace, name)
  else if (found === undefined) {
    const metadata = { name, ...(namespace && { namespace }) }
    const data = { state: 'installed', version: '1.18.2' }
    store.create(kind, { apiVersion: 'v1', kind, metadata, data })
  }
}

/** Writes another mark to things of a kind, as whoever it names would have written it. */
export function remark(universe: Universe, kind: Kind, written: Written): void {
  if (kind === 'plane') keepRecord(universe, written !== undefined)
  for (const place of placesOf(universe, kind)) {
    const { store, name } = place
    store.modify(place.kind, place.namespace, name, ({ metadata }) => {
      const { labels = {}, annotations = {} } = metadata
      const rest = Object.entries(labels).filter(
        ([key]) => !key.startsWith('meridian.dev/') && !key.startsWith('app.kubernetes.io/managed'),
      )
      const { [markAnnotation]: _, ...others } = annotations
      const app = kind === 'app' && place.kind !== 'Namespace' ? 'default' : undefined
      metadata.labels = { ...Object.fromEntries(rest), ...labelsOf(kind, written, app) }
      const more = { ...(app && { app }), ...(kind === 'member' && { cluster: nameOf('eur') }) }
      metadata.annotations = { ...others, ...annotationsOf(written, more) }
    })
  }
}

/** Waits until Karmada has brought the marks of the app's templates to the members: it lists there what came from it. */
export async function carried(universe: Universe): Promise<void> {
  await until(universe.world.clock, () => isCarried(universe) || undefined)
}

function isCarried(universe: Universe): boolean {
  return ['ConfigMap', 'Namespace'].every(kind => {
    const places = placesOf(universe, 'app').filter(place => place.kind === kind)
    const found = places.map(({ store, namespace, name }) => store.get(kind, namespace, name)?.metadata)
    const [{ labels = {}, annotations = {} } = {}, ...copies] = found
    return copies.every(
      copy =>
        copy === undefined ||
        (ownKeys(copy.annotations?.[managedLabels]?.split(',')) === ownKeys(Object.keys(labels)) &&
          ownKeys(copy.annotations?.[managedAnnotations]?.split(',')) === ownKeys(Object.keys(annotations))),
    )
  })
}

const ownKeys = (keys: readonly string[] = []) =>
  keys
    .filter(key => key.startsWith('meridian.dev/') || key.startsWith('app.kubernetes.io/managed'))
    .sort()
    .join()

/** Version 0.1 labelled the objects of apps alone. */
function labelsOf(kind: Kind, written: Written, app: string | undefined): Record<string, string> {
  if (written === undefined) return {}
  const owner = written === 'garbled' ? 'pr-1' : written.owner
  if (written !== 'garbled' && written.schema === 1 && kind !== 'app') return {}
  const domain = 'k8s.example.com'
  const place = { domain, ...(owner !== 'default' && { environment: owner }), repository: shop }
  return { ...objectLabels(place), ...(app && { [appLabel]: app }) }
}

function annotationsOf(written: Written, more: Partial<Mark>): Record<string, string> {
  if (written === undefined) return {}
  if (written === 'garbled') return { [markAnnotation]: '<html>' }
  return written.schema === 1 ? {} : objectAnnotations({ ...written, ...more })
}
