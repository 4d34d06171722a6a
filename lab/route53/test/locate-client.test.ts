import { worldVantagePoints } from '@meridian/dns'
import { expect, test } from 'vitest'
import { locateClient } from '../locate-client.ts'

/** Degrees: a city and its suburbs. */
const near = 0.5

test.each(worldVantagePoints)(
  '$subnet is in $city, as the product says',
  ({ subnet, latitude, longitude }) => {
    const found = locateClient(subnet.split('/')[0])
    expect(Math.abs(found.latitude - latitude)).toBeLessThan(near)
    expect(Math.abs(found.longitude - longitude)).toBeLessThan(near)
  },
)

test.each([
  ['129.132.1.1', 47.37],
  ['146.141.7.7', -26.2],
  ['192.0.2.1', 38.9],
  ['2001:db8::1', 38.9],
  [undefined, 38.9],
])('%s is where no table of the product says', (address, latitude) => {
  expect(locateClient(address).latitude).toBe(latitude)
})
