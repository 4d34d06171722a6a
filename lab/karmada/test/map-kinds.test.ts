import { columns, type Kind } from '@meridian/lab-kube-api'
import { expect, test } from 'vitest'
import { createKindMapper } from '../map-kinds.ts'

const kind = (name: string, group = 'example.com'): Kind => ({
  group,
  version: 'v1',
  kind: name,
  plural: `${name.toLowerCase()}s`,
  singular: name.toLowerCase(),
  namespaced: true,
  columns: columns([]),
})
const [boat, raft, gate, other] = [kind('Boat'), kind('Raft'), kind('Gate'), kind('Gate', 'example.org')]

function mapperOf(...kinds: Kind[]) {
  let served: readonly Kind[] = kinds
  const kindOf = createKindMapper({ kinds: () => served })
  return {
    find: (name: string, group = 'example.com') => kindOf({ apiVersion: `${group}/v1`, kind: name }),
    serve: (...next: Kind[]) => {
      served = next
    },
  }
}

test('a kind is told by its group too', () => {
  const { find } = mapperOf(gate, other)
  expect([find('Gate'), find('Gate', 'example.org')]).toEqual([gate, other])
})

test('a kind that comes later is found', () => {
  const { find, serve } = mapperOf(boat)
  serve(boat, raft)
  expect(find('Raft')).toBe(raft)
})

test('a kind that has gone is remembered until another one comes', () => {
  const { find, serve } = mapperOf(boat)
  serve()
  expect(find('Boat')).toBe(boat)
  expect(() => find('Raft')).toThrow('no matches for kind "Raft" in version "example.com/v1"')
  expect(find('Boat')).toBe(boat)
  serve(raft)
  expect(find('Raft')).toBe(raft)
  expect(() => find('Boat')).toThrow('no matches for kind "Boat"')
})
