import { ownerRecordSet } from '@meridian/dns'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { describe } from 'vitest'
import { ownerRecordSet01 } from '../../../packages/dns/test/version-0.1.ts'
import { type Row, testCells } from './cells.ts'
import { answerOf, type Relation, relationOf } from './owners.ts'
import type { Run } from './run-here.ts'
import { readTable } from './table.ts'

const name = 'app.pr-1.k8s.example.com'
const regions = ['us-east-1', 'eu-west-1'] as const

/**
 * `apply` and `destroy` are latency-dns, of a name that has records of two regions already, `drain` of one of the regions;
 * `whole` is a teardown that finds the names of its environment, `part` of one region, and `named` of this very name. The
 * lives of all records are over by their marks; where theirs say nothing of it, a reaper leaves them.
 */
const table = readTable(
  ['apply', 'destroy', 'drain', 'whole', 'part', 'named', 'reap'],
  `
                     apply    destroy  drain    whole      part       named    reap
  ours               changed  gone     changed  gone       changed    gone     gone
  older              changed  gone     changed  gone       changed    gone     untouched
  unclaimed          refused  refused  refused  untouched  untouched  refused  untouched
  external-dns       refused  refused  refused  untouched  untouched  refused  untouched
  octoDNS            refused  refused  refused  untouched  untouched  refused  untouched
  other environment  refused  refused  refused  untouched  untouched  refused  gone
  domain below       refused  refused  refused  untouched  untouched  refused  gone
  domain above       refused  refused  refused  untouched  untouched  refused  untouched
  other repository   refused  refused  refused  untouched  untouched  refused  untouched
  its namesake       refused  refused  refused  untouched  untouched  refused  untouched
  other account      refused  refused  refused  untouched  untouched  refused  untouched
  living             ·        ·        ·        ·          ·          ·        untouched
  mark garbled       refused  refused  refused  untouched  untouched  refused  untouched
  mark denied        refused  refused  refused  refused    refused    refused  told
  mark 404 page      refused  refused  refused  refused    refused    refused  told
  mark page          refused  refused  refused  refused    refused    refused  told
  mark empty         refused  refused  refused  refused    refused    refused  told
`,
)

/** Rows that only records have. */
const aliens: Record<string, Relation & { text: (universe: Universe) => void }> = {
  'external-dns': {
    ...relationOf('unclaimed'),
    words: /external-dns \(its owner me\)/,
    text: universe => put(universe, `cname-${name}`, '"heritage=external-dns,external-dns/owner=me"'),
  },
  octoDNS: {
    ...relationOf('unclaimed'),
    words: /octoDNS/,
    text: universe => put(universe, `_owner.cname.${name}`, '"*octodns*"'),
  },
}

const groups = regions.map(region => ({
  Name: `${name}.`,
  Type: 'CNAME' as const,
  SetIdentifier: region,
  Region: region,
  TTL: 60,
  ResourceRecords: [{ Value: `${region}.example.net` }],
}))

function put({ zone }: Universe, at: string, value: string): void {
  zone.records.put({ name: `${at}.`, type: 'TXT', ttl: 300, values: [value] })
}

/** The records of two regions, and what says whose they are; a neighbour of another name, which is somebody else's. */
async function openZone(owner: string, relation: Relation): Promise<Universe> {
  const universe = await startUniverse({ scale: 1_000_000 })
  const { zone } = universe
  for (const { SetIdentifier: region, ResourceRecords } of groups) {
    const values = ResourceRecords.map(({ Value }) => Value)
    zone.records.put({ name: `${name}.`, type: 'CNAME', ttl: 60, setIdentifier: region, region, values })
  }
  for (const [at, value] of Object.entries(textsOf(owner, relation))) put(universe, at, value)
  aliens[owner]?.text(universe)
  zone.records.put({ name: `www.${name}.`, type: 'A', ttl: 60, values: ['192.0.2.1'] })
  return universe
}

function textsOf(owner: string, { mark }: Relation): Record<string, string> {
  const at = `_meridian.${name}`
  if (owner === 'mark garbled') return { [at]: '"<html>Sign in</html>"' }
  if (mark === undefined) return {}
  const expiresAt = owner === 'living' ? '2126-01-01T00:00:00Z' : '2026-01-02T00:00:00Z'
  const set =
    mark.schema > 1
      ? ownerRecordSet(at, { ...mark, expiresAt }, groups)
      : ownerRecordSet01(at, mark.owner, groups)
  return { [at]: set.ResourceRecords?.[0]?.Value ?? '' }
}

function rowOf<Column extends string>(owner: string): Row<Column> {
  const relation = aliens[owner] ?? relationOf(owner)
  const { run } = relation
  const given = { domain: run.domain, environment: run.environment ?? '' }
  const dns = (inputs: Record<string, string>): Run => ({
    action: 'latency-dns',
    inputs: { ...given, record: 'app', wait: 'false', verify: 'false', 'name-servers': 'none', ...inputs },
  })
  const tearDown = (inputs: Record<string, string>): Run => ({
    action: 'teardown',
    inputs: { ...given, scope: 'dns', 'drain-time': '1s', ...inputs },
  })
  const endpoints = regions.map(region => `${region}: new-${region}.example.net`).join('\n')
  const runs: Record<string, Run> = {
    apply: dns({ endpoints, 'max-deletes': '9' }),
    destroy: dns({ mode: 'destroy', endpoints: '' }),
    drain: dns({ mode: 'destroy', endpoints: '', regions: 'us-east-1' }),
    whole: tearDown({}),
    part: tearDown({ clusters: '[{name: usa, region: us-east-1}]' }),
    named: tearDown({ records: name }),
    reap: tearDown({ mode: 'reap', environment: '' }),
  }
  const answer = answerOf(owner)
  const thing = new RegExp(` (_meridian\\.|cname-|_owner\\.cname\\.)?${name.replaceAll('.', '\\.')}\\. `)
  return {
    async open() {
      const universe = await openZone(owner, relation)
      return { universe, scene: () => ({ thing, words: relation.words }), close: universe.close }
    },
    run: column => {
      const found = runs[column]
      if (found === undefined) throw new Error(`there is no run ${column}`)
      const fault = {
        service: 'route53',
        operation: 'ListResourceRecordSets',
        nth: 1,
        times: Number.POSITIVE_INFINITY,
      }
      return { ...found, ...(answer && { faults: [{ ...fault, failure: answer }] }) }
    },
  }
}

describe('a latency group', () => testCells(table, rowOf))
