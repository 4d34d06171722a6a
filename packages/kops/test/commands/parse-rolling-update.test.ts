import { expect, test } from 'vitest'
import { parseRolls } from '../../src/index.ts'

const table = `NAME				STATUS		NEEDUPDATE	READY	MIN	TARGET	MAX
control-plane-us-east-1a	Ready		0		1	1	1	1
nodes-us-east-1a		NeedsUpdate	2		1	3	3	3

Must specify --yes to rolling-update.
`

test('the groups with machines of an older template are read from kops’ table', () => {
  expect(parseRolls(table)).toEqual([{ group: 'nodes-us-east-1a', machines: 2 }])
})

test('a table without any such machine has none, and what is no table is not taken for one', () => {
  expect(parseRolls(table.replace('NeedsUpdate	2', 'Ready	0'))).toEqual([])
  expect(parseRolls('')).toBeUndefined()
  expect(parseRolls('Error: no such cluster\n')).toBeUndefined()
})
