import { expect, test } from 'vitest'
import { distanceBetween, findNearest } from '../../src/verify/geography.ts'
import { worldVantagePoints } from '../../src/verify/vantage-points.ts'

test('Tokyo is some 10 900 km from northern Virginia', () => {
  const distance = distanceBetween(
    { latitude: 35.68, longitude: 139.69 },
    { latitude: 38.95, longitude: -77.45 },
  )
  expect(Math.round(distance / 100)).toBe(109)
})

test('the date line does not part neighbours', () => {
  const places = [
    { name: 'west', latitude: 0, longitude: 170 },
    { name: 'east', latitude: 0, longitude: -179 },
  ]
  expect(findNearest({ latitude: 0, longitude: 179 }, places)?.name).toBe('east')
})

test('without places there is no nearest', () => {
  expect(findNearest({ latitude: 0, longitude: 0 }, [])).toBeUndefined()
})

test('every vantage point has a network of its own, written as a /24', () => {
  const subnets = worldVantagePoints.map(point => point.subnet)
  expect(new Set(subnets).size).toBe(worldVantagePoints.length)
  for (const subnet of subnets) expect(subnet).toMatch(/^\d+\.\d+\.\d+\.0\/24$/)
})
