import { expect, test } from 'vitest'
import { placeLabels } from '../report/place-labels.ts'

const room = { frame: { x: 0, y: 0, width: 200, height: 100 }, obstacles: [], font: { size: 10, letter: 6 } }

test('a text stands right of its point', () => {
  expect(placeLabels([{ x: 50, y: 50, text: 'Paris' }], room)).toEqual([
    { x: 56, y: 53.5, anchor: 'start', far: false },
  ])
})

test('a text at the edge stands left of its point', () => {
  expect(placeLabels([{ x: 190, y: 50, text: 'Auckland' }], room)[0]?.anchor).toBe('end')
})

test('texts of near points and obstacles do not cover each other', () => {
  const points = Array.from({ length: 6 }, (_, at) => ({ x: 80 + 3 * at, y: 50, text: 'Berlin' }))
  const places = placeLabels(points, { ...room, obstacles: [{ x: 86, y: 44, width: 40, height: 12 }] })
  const boxes = places.flatMap(place => {
    if (!place) return []
    const left = place.anchor === 'end' ? place.x - 36 : place.x
    return [{ left, top: place.y - 8 }]
  })
  const covered = boxes.filter((one, at) =>
    boxes.some(
      (two, other) => other > at && Math.abs(one.left - two.left) < 36 && Math.abs(one.top - two.top) < 10,
    ),
  )
  expect({ placed: boxes.length, covered }).toEqual({ placed: 6, covered: [] })
})

test('a text without room has no place', () => {
  const tight = { ...room, frame: { x: 0, y: 0, width: 20, height: 20 } }
  expect(placeLabels([{ x: 10, y: 10, text: 'Singapore' }], tight)).toEqual([undefined])
})
