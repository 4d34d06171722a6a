import { expect, test } from 'vitest'
import { judgeZones } from '../../src/plan/check-zones.ts'

const present = [
  { name: 'us-east-1b', state: 'available' },
  { name: 'us-east-1a', state: 'available' },
  { name: 'us-east-1e', state: 'unavailable' },
]
const judge = (...zones: string[]) => judgeZones({ region: 'us-east-1', zones }, present)

test('zones that the account has are fine', () => expect(judge('us-east-1a', 'us-east-1b')).toBeUndefined())

test.each([['us-east-1d'], ['us-east-1e']])('%s is refused, and the usable ones are named', zone => {
  expect(judge('us-east-1a', zone)).toMatchObject({
    message: `input zones: this AWS account has no usable zone '${zone}' in us-east-1`,
    fix: 'Use any of us-east-1a, us-east-1b. Nothing has been changed.',
  })
})
