import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeMark, writeClaim, writeTags } from '@meridian/identity'
import { labDomain as domain, startUniverse, type Universe } from '@meridian/lab-universe'
import { until } from '@meridian/lab-universe/testing'
import { vi } from 'vitest'
import type { ActionName } from '../load-action.ts'
import { type Repository, shop } from '../ownership/owners.ts'
import { type Ran, type Run, runHere } from '../ownership/run-here.ts'

const platform: Repository = { id: '5005', name: 'acme/platform' }
const regions = { usa: 'us-east-1', eur: 'eu-west-1' } as const
type Name = keyof typeof regions
const manifest = `apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {a: b}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
`

/** An environment that has a namespace in the federation of another team, and no cluster. */
type Tenant = {
  readonly environment: string
  readonly repository?: Repository
  readonly pullRequest?: number
  readonly lifetime?: string
}

export type TenantWorld = {
  readonly universe: Universe
  run(given: Run): Promise<Ran>
  act(action: ActionName, inputs: Record<string, string>, repository?: Repository): Promise<Ran>
  deploy(tenant: Tenant, more?: Record<string, string>, env?: Record<string, string>): Promise<Ran>
  /** The app with its records, as a workflow makes them; throws where one fails. */
  settle(tenant: Tenant): Promise<void>
  reap(inputs?: Record<string, string>, env?: Record<string, string>): Promise<Ran>
  /** Names of what a namespace holds in the federation. */
  appOf(namespace: string): string[]
  /** Names of records that have a part. */
  recordsOf(part: string): string[]
  /** Text of the claim of an environment. */
  claimOf(environment: string, repository?: Repository): string
  /** Somebody writes another text to it. */
  rewrite(environment: string, edit: (text: string) => string, repository?: Repository): void
  expire(environment: string, repository?: Repository): void
  close(): Promise<void>
}

/** As a tenant names them: under the platform's domain, whatever its own environment. */
export const listOf = (...names: Name[]) =>
  JSON.stringify(names.map(name => ({ name, region: regions[name], fullName: `${name}.${domain}` })))

/** A federation of two clusters, which one team has made for all others. */
export async function startPlatform(): Promise<TenantWorld> {
  const universe = await startUniverse({ scale: 5_000 })
  await addCluster(universe, 'usa')
  await addCluster(universe, 'eur')
  const zone = openZone(universe)
  const run = async (given: Run) => {
    const path = join(universe.directory, 'all.kubeconfig')
    await writeFile(path, await universe.kubeconfig(), { mode: 0o600 })
    const env = { KUBECONFIG: path, GITHUB_API_URL: 'http://127.0.0.1:9', ...given.env }
    return runHere(universe, { files: { 'app.yaml': manifest }, ...given, env })
  }
  const act: TenantWorld['act'] = (action, inputs, repository = shop) => run({ action, inputs, repository })
  const deploy: TenantWorld['deploy'] = (tenant, more = {}, env = {}) => {
    const given = deployment(tenant, more)
    return run({ ...given, env: { ...given.env, ...env } })
  }
  await succeed(act('federate', { domain, clusters: listOf('usa', 'eur') }, platform))
  return {
    universe,
    ...{ run, act, deploy, ...zone },
    async settle(tenant) {
      const { environment, repository = shop } = tenant
      const { job } = await succeed(deploy(tenant))
      const endpoints = JSON.stringify(job.outputs.endpoints)
      const names = { domain, environment, record: `web-${repository.id}` }
      await succeed(act('latency-dns', { ...names, endpoints, verify: 'false', wait: 'false' }, repository))
    },
    reap(inputs = {}, env = {}) {
      const given = { domain, mode: 'reap', 'name-servers': universe.nameServer, ...inputs }
      return run({ action: 'teardown', inputs: given, env })
    },
    appOf: namespace =>
      ['Service', 'ConfigMap', 'PropagationPolicy'].flatMap(kind =>
        (universe.clusters.federations()[0]?.store.list(kind, { namespace }) ?? []).map(
          ({ metadata }) => metadata.name,
        ),
      ),
    async close() {
      vi.unstubAllEnvs()
      await universe.close()
    },
  }
}

async function succeed(running: Promise<Ran>): Promise<Ran> {
  const ran = await running
  if (ran.error !== undefined) throw new Error(ran.error)
  return ran
}

async function addCluster(universe: Universe, name: Name): Promise<void> {
  const cluster = `${name}.${domain}`
  const mark = makeMark({ domain, repository: platform, account: universe.world.accountId, cluster })
  const { s3 } = universe.aws
  s3.addBucket(`${cluster}-state`, { region: regions[name], versioned: true, tags: writeTags(mark) })
  s3.putObject(`${cluster}-state`, `${cluster}.claim.json`, writeClaim(mark))
  await universe.addCluster(cluster, { zone: `${regions[name]}a`, labels: writeTags(mark) })
  await until(
    () => universe.clusters.view(cluster)?.nodes.filter(({ status }) => status === 'True').length === 2,
  )
}

function deployment(
  { environment, repository = shop, pullRequest, lifetime }: Tenant,
  more: Record<string, string>,
): Run {
  return {
    action: 'deploy-federated-app',
    repository,
    ...(pullRequest !== undefined && { env: { GITHUB_REF: `refs/pull/${pullRequest}/merge` } }),
    inputs: {
      ...{ domain, environment, manifests: 'app.yaml', clusters: listOf('usa', 'eur') },
      namespace: `${environment}-${repository.id}`,
      ...(lifetime !== undefined && { lifetime }),
      ...more,
    },
  }
}

type ZoneAccess = Pick<TenantWorld, 'recordsOf' | 'claimOf' | 'rewrite' | 'expire'>

/** The zone, in the hands of somebody who is not one of the actions. */
function openZone({ zone }: Universe): ZoneAccess {
  const find = (environment: string, { id }: Repository) => {
    const found = zone.records.all().find(({ name }) => name.includes(`_claim-${id}.${environment}.`))
    if (found === undefined) throw new Error(`${environment} has no claim`)
    return found
  }
  const textOf = ({ values }: ReturnType<typeof find>) => values.join().replaceAll('" "', '').slice(1, -1)
  const rewrite: ZoneAccess['rewrite'] = (environment, edit, repository = shop) => {
    const before = find(environment, repository)
    const parts = edit(textOf(before)).match(/.{1,255}/g) ?? []
    zone.records.put({ ...before, values: [parts.map(part => `"${part}"`).join(' ')] })
  }
  return {
    rewrite,
    recordsOf: part => zone.records.all().flatMap(({ name }) => (name.includes(part) ? [name] : [])),
    claimOf: (environment, repository = shop) => textOf(find(environment, repository)),
    expire: (environment, repository) =>
      rewrite(environment, text => text.replace(/expires=[^,]*/, 'expires=2026-01-01T00:00:00Z'), repository),
  }
}
