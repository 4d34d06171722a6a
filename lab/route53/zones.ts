import { AwsError } from '@meridian/lab-aws-protocol'
import { randomText, type World } from '@meridian/lab-world'
import type { AnswerHistory } from './answer-history.ts'
import { canonicalName } from './domain-name.ts'
import type { Protection } from './protection.ts'
import type { Edition } from './published-records.ts'
import { createRecordTable, type RecordTable } from './record-table.ts'

export type Zone = {
  /** The account that it belongs to. */
  account: string
  id: string
  /** Canonical, with the final dot. */
  name: string
  callerReference: string
  comment: string
  private: boolean
  nameServers: string[]
  /** Whether its records can be changed while us-east-1 is impaired. */
  acceleratedRecovery?: boolean
  tags: Record<string, string>
  records: RecordTable
  /** What the name servers have and will have. */
  editions: Edition[]
  answers: AnswerHistory
  /** By name and type. */
  protections: Map<string, Protection>
  /** World seconds until which Route 53 is still busy with the last change. */
  busyUntil: number
}

export type ZoneOptions = {
  /** The main one by default. */
  account?: string
  id?: string
  private?: boolean
  comment?: string
  callerReference?: string
}

export type Zones = {
  add(name: string, options?: ZoneOptions): Zone
  /** Throws NoSuchHostedZone, and AccessDenied for the zone of somebody else. Accepts the id with or without `/hostedzone/`. */
  get(id: string): Zone
  remove(id: string): void
  list(): Zone[]
  /** The zones as one account sees them. */
  of(account: string): Zones
}

/** Hosted zones of all accounts; `of` sees one account's and refuses the others' with AccessDenied. */
export function createZones(world: World): Zones {
  const zones = new Map<string, Zone>()
  const all: Zones = {
    add(name, options = {}) {
      const zone = makeZone(world, canonicalName(name), options)
      zones.set(zone.id, zone)
      return zone
    },
    get(id) {
      const zone = zones.get(id.replace(/^\/?hostedzone\//, ''))
      if (!zone) throw new AwsError(404, 'NoSuchHostedZone', `No hosted zone found with ID: ${id}`)
      return zone
    },
    remove: id => void zones.delete(id),
    list: () => [...zones.values()],
    of: account => ({
      ...all,
      add: (name, options) => all.add(name, { ...options, account }),
      list: () => all.list().filter(zone => zone.account === account),
      get(id) {
        const zone = all.get(id)
        if (zone.account === account) return zone
        const who = `arn:aws:iam::${account}:user/lab`
        throw new AwsError(403, 'AccessDenied', `User: ${who} is not authorized to access this resource`)
      },
    }),
  }
  return all
}

function makeZone(world: World, name: string, options: ZoneOptions): Zone {
  const number = () => Math.floor(world.random() * 2048)
  const nameServers = ['com', 'net', 'org', 'co.uk'].map(
    (ending, index) =>
      `ns-${number()}.awsdns-${String(index * 16 + (number() % 16)).padStart(2, '0')}.${ending}`,
  )
  const records = createRecordTable()
  records.put({ name, type: 'NS', ttl: 172_800, values: nameServers.map(server => `${server}.`) })
  records.put({
    name,
    type: 'SOA',
    ttl: 900,
    values: [`${nameServers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`],
  })
  return {
    account: options.account ?? world.accountId,
    id: options.id ?? `Z${randomText(world.random, 20, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')}`,
    name,
    callerReference: options.callerReference ?? crypto.randomUUID(),
    comment: options.comment ?? '',
    private: options.private ?? false,
    nameServers,
    tags: {},
    records,
    editions: [{ records, at: 0 }],
    answers: new Map(),
    protections: new Map(),
    busyUntil: 0,
  }
}
