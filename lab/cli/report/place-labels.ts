/** A point with a text that wants to stand near it, all in one unit of length. */
export type Labelled = { x: number; y: number; text: string }
export type Box = { x: number; y: number; width: number; height: number }
/** Where a text begins or ends, on its base line; far ones get a line to their point. */
export type Place = { x: number; y: number; anchor: 'start' | 'end'; far: boolean }

type Font = { size: number; letter: number }

const directions = [0, 180, -45, 45, -135, 135, -90, 90, -20, 20, 160, -160]
const rings = [6, 14, 24, 36, 50]
const farFrom = 20

/**
 * A place for the text of each point, in the order of importance: the nearest that is inside the frame and covers no other
 * text and no obstacle. Undefined where there is none.
 */
export function placeLabels(
  points: readonly Labelled[],
  { frame, obstacles, font }: { frame: Box; obstacles: readonly Box[]; font: Font },
): (Place | undefined)[] {
  const taken: Box[] = [
    ...obstacles,
    ...points.map(({ x, y }) => ({ x: x - 3, y: y - 3, width: 6, height: 6 })),
  ]
  return points.map(point => {
    for (const distance of rings) {
      for (const direction of directions) {
        const place = placeAt(point, distance, direction)
        const box = boxOf(place, point.text, font)
        if (!isInside(box, frame) || taken.some(other => overlap(box, other))) continue
        taken.push(box)
        return place
      }
    }
    return undefined
  })
}

function placeAt({ x, y }: Labelled, distance: number, degrees: number): Place {
  const angle = (degrees * Math.PI) / 180
  const anchor = Math.cos(angle) < -0.1 ? 'end' : 'start'
  return {
    x: x + distance * Math.cos(angle),
    y: y + distance * Math.sin(angle) + 3.5,
    anchor,
    far: distance >= farFrom,
  }
}

function boxOf({ x, y, anchor }: Place, text: string, { size, letter }: Font): Box {
  const width = text.length * letter
  return { x: anchor === 'end' ? x - width : x, y: y - size * 0.8, width, height: size }
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

function isInside(box: Box, frame: Box): boolean {
  return (
    box.x >= frame.x &&
    box.y >= frame.y &&
    box.x + box.width <= frame.x + frame.width &&
    box.y + box.height <= frame.y + frame.height
  )
}
