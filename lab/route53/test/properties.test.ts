import { decode } from 'dns-packet'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyBatch } from '../apply-batch.ts'
import type { Change } from '../change-batch.ts'
import { answerPacket } from '../dns/answer-packet.ts'
import { canonicalName, labelsOf, sortKey } from '../domain-name.ts'
import type { RecordSet } from '../record-set.ts'
import { createRecordTable, type RecordTable } from '../record-table.ts'
import { questionFor } from '../testing/dns-client.ts'
import type { Zone } from '../zones.ts'

const names = ['example.com.', 'a.example.com.', 'b.a.example.com.', 'a-b.example.com.', '\\052.example.com.']
const slot = fc.record({
  name: fc.constantFrom(...names),
  type: fc.constantFrom('A', 'TXT', 'CNAME'),
  setIdentifier: fc.option(fc.constantFrom('eu', 'us'), { nil: undefined }),
})
const records = slot.map(({ setIdentifier, ...rest }): RecordSet => {
  const value = { A: '192.0.2.1', TXT: '"x"', CNAME: 'a.example.net' }[rest.type] ?? ''
  const record = { ...rest, ttl: 60, values: [value] }
  if (setIdentifier === undefined) return record
  return { ...record, setIdentifier, region: setIdentifier === 'eu' ? 'eu-west-1' : 'us-east-1' }
})

/** The order of record sets, said in another way than the table does it. */
function sorted(all: readonly RecordSet[]): RecordSet[] {
  const key = (record: RecordSet) =>
    [sortKey(record.name), record.type, record.setIdentifier ?? ''].join('\n')
  return all.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}

function zoneWith(table: RecordTable): Zone {
  return { id: 'Z1', name: 'example.com.', records: table, protections: new Map() } as unknown as Zone
}

test('a table of records is always sorted and counted, and its copies are its own', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), records)), fc.array(records), (steps, later) => {
      const table = createRecordTable()
      const model = new Map<string, RecordSet>()
      for (const [put, record] of steps) {
        const key = JSON.stringify([record.name, record.type, record.setIdentifier])
        if (put) model.set(key, record)
        else model.delete(key)
        table[put ? 'put' : 'remove'](record)
      }
      const copy = table.copy()
      for (const record of later) copy.put(record)

      expect([...table.from({})]).toEqual(sorted([...model.values()]))
      expect(table.size).toBe(model.size)
      for (const name of names) {
        const reached = [...model.values()].some(one => one.name === name || one.name.endsWith(`.${name}`))
        expect(table.reaches(name)).toBe(reached)
      }
    }),
  )
})

test('a listing that starts at a record set goes on with it, whether it exists or not', () => {
  fc.assert(
    fc.property(fc.array(records), records, (all, start) => {
      const table = createRecordTable()
      for (const record of all) table.put(record)
      const whole = [...table.from({})]

      const rest = [...table.from(start)]

      expect(rest).toEqual(whole.slice(whole.length - rest.length))
      const before = whole.slice(0, whole.length - rest.length)
      expect(sorted([...before, start]).at(-1)).toEqual(start)
      expect(rest.every(record => sorted([start, record])[0] === start || record.name === start.name)).toBe(
        true,
      )
    }),
  )
})

test('after any batch that is accepted the zone obeys the rules, and a refused one changes nothing', () => {
  const change = fc.record({
    action: fc.constantFrom('CREATE' as const, 'UPSERT' as const, 'DELETE' as const),
    record: records,
  })
  fc.assert(
    fc.property(fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), batches => {
      let table = createRecordTable()
      for (const batch of batches as Change[][]) {
        const before = [...table.from({})]
        const result = applyBatch(zoneWith(table), batch)
        expect([...table.from({})]).toEqual(before)
        if ('records' in result) table = result.records
        for (const name of names) expectLawful(table.at(name))
      }
    }),
  )
})

function expectLawful(here: readonly RecordSet[]): void {
  const types = new Set(here.map(record => record.type))
  if (types.has('CNAME')) expect([...types]).toEqual(['CNAME'])
  for (const type of types) {
    const group = here.filter(record => record.type === type)
    if (group.some(record => record.region === undefined)) expect(group).toHaveLength(1)
    expect(new Set(group.map(record => record.region)).size).toBe(group.length)
  }
}

test('the canonical form of a name is its own canonical form, and keeps its labels', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 30 }), label => {
      const name = canonicalName(`${label.replaceAll('.', '')}x.example.com`)

      expect(canonicalName(name)).toBe(name)
      expect(labelsOf(name).slice(-2)).toEqual(['example', 'com'])
    }),
  )
})

test('no message makes the name server fail, and every answer is for its question', () => {
  const sound = questionFor('www.example.com', { subnet: '133.11.1.0/24' })
  const spoiled = fc
    .tuple(fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255))), fc.nat(sound.length))
    .map(([edits, length]) => {
      const message = Buffer.from(sound)
      for (const [at, byte] of edits) message[at] = byte
      return message.subarray(0, length)
    })
  const long = fc
    .uint8Array({ minLength: 63, maxLength: 63 })
    .map(bytes => Buffer.from(questionFor(`${'x'.repeat(63)}.com`, { edns: false })).fill(bytes, 13, 76))
  const any = fc.uint8Array({ maxLength: 80 }).map(bytes => Buffer.from(bytes))
  fc.assert(
    fc.property(fc.oneof(spoiled, long, any), message => {
      const reply = answerPacket(message, { address: '127.0.0.1', transport: 'udp' }, ({ name, type }) => ({
        responseCode: 'NOERROR',
        authoritative: true,
        records: [
          { name, type: type === 'A' ? 'A' : 'TXT', ttl: 60, value: type === 'A' ? '192.0.2.1' : '"x"' },
        ],
        authority: [],
        byLocation: true,
      }))
      if (!reply) return true
      const { id, questions = [] } = decode(reply)
      const end = questions.length === 0 ? 12 : reply.indexOf(0, 12) + 5
      return id === message.readUInt16BE(0) && reply.subarray(12, end).equals(message.subarray(12, end))
    }),
    { numRuns: 500 },
  )
})
