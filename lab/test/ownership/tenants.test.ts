import { ownerRecordSet } from '@meridian/dns'
import { ownerRecordName } from '@meridian/identity'
import { labDomain as domain } from '@meridian/lab-universe'
import { afterAll, describe } from 'vitest'
import { listOf, startPlatform, type TenantWorld } from '../tenants/tenant-world.ts'
import { type Row, testCells } from './cells.ts'
import { longAgo } from './cluster-world.ts'
import { answerOf, relationOf, shop } from './owners.ts'
import type { Run } from './run-here.ts'
import { readTable } from './table.ts'

/**
 * The claim of an environment that has a namespace in the federation of another team and no cluster of its own, by the owner
 * that its text names; it stands where the run's own does, and its life is over. App and records are the run's own.
 */
const table = readTable(
  ['deploy', 'dns', 'whole', 'reap'],
  `
                     deploy   dns        whole      reap
  ours               changed  untouched  gone       gone
  unclaimed          changed  untouched  untouched  untouched
  other environment  refused  untouched  untouched  told
  domain below       refused  untouched  untouched  gone
  other repository   refused  untouched  untouched  untouched
  its namesake       refused  untouched  untouched  untouched
  other account      refused  untouched  untouched  untouched
  mark garbled       refused  untouched  untouched  told
  mark denied        refused  refused    refused    told
  mark 404 page      refused  refused    refused    told
  mark page          refused  refused    refused    told
  mark empty         refused  refused    refused    told
`,
)

const tenant = { environment: 'pr-1', lifetime: '72h' }
const subject = ownerRecordName(`_claim-${shop.id}.pr-1.${domain}`)
const escaped = subject.replaceAll('.', '\\.')

let platform: TenantWorld | undefined
let federation: string | undefined
afterAll(() => platform?.close())

/** The tenant's app and records as they are after a deployment, and the claim as the row's owner would have written it. */
async function openPlatform(owner: string): Promise<TenantWorld> {
  platform ??= await startPlatform()
  const { zone } = platform.universe
  const removeClaim = () => {
    for (const found of zone.records.all()) if (found.name === `${subject}.`) zone.records.remove(found)
  }
  removeClaim()
  await platform.settle(tenant)
  federation ??= /federation=([^,]*)/.exec(platform.claimOf(tenant.environment))?.[1]
  const { mark } = relationOf(owner)
  const written = mark && { ...mark, federation, expiresAt: longAgo }
  const value =
    owner === 'mark garbled'
      ? '"<html>Sign in</html>"'
      : written && ownerRecordSet(subject, written, []).ResourceRecords?.[0]?.Value
  removeClaim()
  if (value !== undefined) zone.records.put({ name: `${subject}.`, type: 'TXT', ttl: 300, values: [value] })
  return platform
}

function rowOf<Column extends string>(owner: string): Row<Column> {
  const relation = relationOf(owner)
  const given = { domain, environment: tenant.environment }
  const host = `{name: usa, region: us-east-1, fullName: usa.${domain}}`
  const app = { clusters: listOf('usa', 'eur'), manifests: 'app.yaml', namespace: `pr-1-${shop.id}` }
  const named = { record: 'other', endpoints: 'us-east-1: a.example.net', wait: 'false', verify: 'false' }
  const runs: Record<string, Run> = {
    deploy: { action: 'deploy-federated-app', inputs: { ...given, ...app, lifetime: tenant.lifetime } },
    dns: { action: 'latency-dns', inputs: { ...given, ...named } },
    whole: { action: 'teardown', inputs: { ...given, scope: 'dns,app', host } },
    reap: { action: 'teardown', inputs: { domain, mode: 'reap' } },
  }
  const answer = answerOf(owner)
  const fault = { service: 'route53', operation: 'ListResourceRecordSets', nth: 1, times: Infinity }
  return {
    async open() {
      const { universe } = await openPlatform(owner)
      const thing = new RegExp(` ${escaped}\\. `)
      // A reaper finds that the claim speaks for another environment than the one that it stands for.
      const words = new RegExp(`${relation.words.source}|it speaks for pr-9`)
      return { universe, scene: () => ({ thing, beside, words }), close: async () => {} }
    },
    run: (column, { universe }) => {
      const found = runs[column]
      if (found === undefined) throw new Error(`there is no run ${column}`)
      const servers = column === 'reap' && { 'name-servers': universe.nameServer }
      const inputs = { ...found.inputs, ...servers }
      return { ...found, inputs, ...(answer && { faults: [{ ...fault, failure: answer }] }) }
    },
  }
}

/** Its app and records, which are the run's own, and what of them there is in AWS and in members. */
const beside =
  /pr-1-|web-1001\.pr-1|other\.pr-1|karmada-es-| (load-balancer|network-interface|security-group) /

describe('the claim of an environment without a cluster', () =>
  testCells(table, rowOf, (_, run) => {
    if (platform === undefined) throw new Error('there is no federation')
    return platform.run(run)
  }))
