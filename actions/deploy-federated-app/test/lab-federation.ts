import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectKube, type Kube, type KubeObject } from '@meridian/kube'
import { adminOf, type Member } from '@meridian/lab-clusters/testing'
import { federationAdmin, installKarmada, joinMember, untilJoined } from '@meridian/lab-karmada/testing'
import type { Store } from '@meridian/lab-kube-api'
import { inputVariables, readActionFile } from '@meridian/lab-runner/action-file'
import type { Universe } from '@meridian/lab-universe'
import {
  type LabClusters,
  type Name,
  startClusters,
  startKarmadaItself,
} from '@meridian/lab-universe/testing'
import { type RecordedJob, testJob } from '@meridian/runner/testing'
import { readInputs } from '../src/inputs.ts'
import { run } from '../src/run.ts'

const actionDirectory = fileURLToPath(new URL('..', import.meta.url))

export type LabFederation = {
  lab: LabClusters
  fed: Store
  connect(): Kube
  member(name: Name): Store
  /** Makes a member's API unreachable; its pods run on. */
  cut(name: Name): void
  mend(name: Name): void
  /** Runs the action in this process; rejects as it does. `manifest` is its only file. */
  deploy(manifest: string, inputs?: Record<string, string>, job?: Partial<RecordedJob>): Promise<RecordedJob>
  close(): Promise<void>
}

/** An administrator of a control plane on a member, and how what runs beside it is stopped. */
async function startKarmada({ world, clusters, ...rest }: Universe, host: Member, programs?: string) {
  if (programs === undefined) {
    const client = await installKarmada({ world, host: clusters, close: async () => {} }, host)
    return { client, stop: async () => {} }
  }
  const cluster = clusters.clusters().find(({ spec }) => spec === host.spec)
  if (!cluster) throw new Error('the host does not serve')
  const { hostname, authority, stop } = await startKarmadaItself(
    { world, clusters, ...rest },
    cluster,
    programs,
  )
  const client = await federationAdmin(world, authority, hostname)
  await client('POST', '/api/v1/namespaces', { metadata: { name: 'karmada-cluster' } })
  return { client, stop }
}

/**
 * A federation of some clusters, made without the actions that would make it. It runs the lab's Karmada, or Karmada's
 * own programs where their folder is given.
 */
export async function startFederation(names: readonly Name[], programs?: string): Promise<LabFederation> {
  const lab = await startClusters(names, { controlPlane: programs ? 'bare' : 'lab' })
  const { universe } = lab
  const specs = new Map(universe.clusters.clusters().map(({ spec }) => [spec.name.split('.')[0], spec]))
  const members = await Promise.all(
    names.map(async name => {
      const spec = specs.get(name)
      if (!spec) throw new Error(`no cluster ${name}`)
      return { spec, admin: await adminOf(universe.world, spec.authority, spec.apiHost, 443) }
    }),
  )
  const [host] = members
  if (!host) throw new Error('a federation needs a host')
  const { client: fed, stop } = await startKarmada(universe, host, programs)
  for (const [at, name] of names.entries()) {
    const member = members[at]
    if (member) await joinMember(fed, name, member)
  }
  await Promise.all(names.map(name => untilJoined(fed, name)))
  const store = universe.clusters.federations()[0]?.store
  if (!store) throw new Error('there is no federation')
  const cluster = (name: Name) => {
    const found = universe.clusters.clusters().find(({ spec }) => spec.name.startsWith(`${name}.`))
    if (!found) throw new Error(`${name} does not serve`)
    return found
  }
  const away = new Map<Name, () => void>()
  const { signal } = new AbortController()
  const kubeconfig = await universe.kubeconfig()
  const workspaces = await mkdtemp(join(tmpdir(), 'meridian-app-'))
  return {
    lab,
    fed: store,
    connect: () => connectKube(kubeconfig, { context: 'fed', userAgent: 'meridian-test/1', signal, env: {} }),
    member: name => cluster(name).store,
    cut: name => void away.set(name, universe.clusters.takeAway(cluster(name).spec.name, 'refused')),
    mend: name => away.get(name)?.(),
    async deploy(manifest, inputs = {}, given = {}) {
      const workspace = await mkdtemp(join(workspaces, 'workspace-'))
      await writeFile(join(workspace, 'app.yaml'), manifest)
      const job = testJob(given)
      Object.assign(job, { run: { ...job.run, ...given.run, workspace } })
      const action = await readActionFile(actionDirectory)
      const { env } = inputVariables(action, {
        manifests: 'app.yaml',
        kubeconfig,
        domain: universe.domain,
        ...inputs,
      })
      await run(readInputs(env), job)
      return job
    },
    async close() {
      await stop()
      await lab.close()
      await rm(workspaces, { recursive: true, force: true })
    },
  }
}

export const together = (...manifests: string[]): string => manifests.join('---')

/** The error that a run of the action ends in. */
export async function failureOf(run: Promise<unknown>): Promise<Error> {
  const outcome = await run.catch(error => error)
  if (outcome instanceof Error) return outcome
  throw new Error('it went well')
}

/**
 * The error of a run whose time is up, once it is the one that is looked for: a slow machine may not get there in the first
 * time that it is given, and gets twice as much.
 */
export async function lateFailureOf(
  run: (deadline: number) => Promise<unknown>,
  says: RegExp,
): Promise<Error> {
  for (let time = 4_000; ; time *= 2) {
    const error = await failureOf(run(Date.now() + time))
    if (says.test(error.message) || time > 200_000) return error
  }
}

export const deployment = (name: string, replicas: number, image = 'web:1') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers: [{name: web, image: '${image}', resources: {requests: {cpu: 10m}}}]
`
export const service = (name: string, type = 'LoadBalancer') => `
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {type: ${type}, selector: {app: ${name}}, ports: [{name: http, port: 80}]}
`
export const configMap = (name: string, value = 'v') => `
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}}
data: {key: ${value}}
`

/** A kind of somebody's own. */
export const widgets = (schema: object) => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: ${JSON.stringify(schema)}}}
`

/** The image of a Deployment in a store. */
export function imageIn(store: Store, name: string, namespace = 'default'): string | undefined {
  const object: KubeObject | undefined = store.get('Deployment', namespace, name)
  return /"image":"([^"]*)"/.exec(JSON.stringify(object?.spec ?? {}))?.[1]
}

export function replicasIn(store: Store, name: string, namespace = 'default'): number | undefined {
  return (store.get('Deployment', namespace, name)?.spec as { replicas?: number } | undefined)?.replicas
}
