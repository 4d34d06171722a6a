import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type GeoPermissibleObjects, geoEqualEarth, geoPath } from 'd3-geo'
import { feature } from 'topojson-client'
import type { CityCheck, LabReport, ReportCluster } from '../lab-report.ts'
import { type Html, html } from './html.ts'
import { type Box, type Place, placeLabels } from './place-labels.ts'
import { cityPosition, type Position, regionPlace, regionPosition } from './places.ts'

const width = 960
const height = 440
const frame = { x: 0, y: 0, width, height }
const font = { size: 11, letter: 5.9 }

const projection = geoEqualEarth()
  .rotate([-10, 0])
  .fitExtent(
    [
      [4, 4],
      [width - 4, height - 4],
    ],
    { type: 'Sphere' },
  )
const path = geoPath(projection).digits(1)

/** The world with a line from every city that was asked to the region it is led to, by their names. */
export function renderMap(
  { clusters, dns }: Pick<LabReport, 'clusters' | 'dns'>,
  colours: ReadonlyMap<string, string>,
): Html {
  const cities = dns.verification.flatMap(check => {
    const from = cityPosition(check.city)
    if (!from) return []
    return [{ ...check, from, to: regionPosition(check.region), colour: colourOf(colours, check.region) }]
  })
  const markers = clusters.flatMap(cluster => {
    const position = regionPosition(cluster.region)
    return position ? [{ ...cluster, at: project(position) }] : []
  })
  const points = cities.map(({ city, from }) => ({ ...project(from), text: city }))
  const labels = placeLabels(points, { frame, obstacles: markers.flatMap(obstaclesOf), font })
  return html`<svg class="map" viewBox="0 0 ${width} ${height}" role="img" aria-label="${describeMap(clusters, dns.verification)}">
<path class="sea" d="${draw({ type: 'Sphere' })}"/><path class="land" d="${landPath()}"/>
${cities.map(renderLine)}
${cities.map((city, at) => renderLabel(city.city, project(city.from), labels[at]))}
${markers.map(marker => renderMarker(marker, colourOf(colours, marker.region)))}
</svg>`
}

function describeMap(clusters: readonly ReportCluster[], cities: readonly CityCheck[]): string {
  const each = clusters.map(({ name, region }) => {
    const led = cities.filter(city => city.region === region).map(({ city }) => city)
    return `${name} in ${regionPlace(region)}: ${led.length > 0 ? led.join(', ') : 'no city'}`
  })
  return `Map of the world with the cities that each region answers. ${each.join('. ')}`
}

const colourOf = (colours: ReadonlyMap<string, string>, region: string): string =>
  colours.get(region) ?? 'currentColor'

function project(position: Position): { x: number; y: number } {
  const [x, y] = projection(position) ?? [0, 0]
  return { x, y }
}

type Line = CityCheck & { from: Position; to: Position | undefined; colour: string }

function renderLine({ city, region, target, from, to, colour, ok }: Line): Html {
  const { x, y } = project(from)
  const line = to && html`<path class="way" d="${draw({ type: 'LineString', coordinates: [from, to] })}"/>`
  const title = `${city} → ${region === '' ? 'nowhere' : `${regionPlace(region)} (${region})`} ${target}`
  return html`<g style="--c:${colour}"${ok ? undefined : html` class="wrong"`}><title>${title}</title>${line}<circle class="city" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3.5"/></g>
`
}

function renderLabel(
  text: string,
  from: { x: number; y: number },
  place: Place | undefined,
): Html | undefined {
  if (!place) return undefined
  const { x, y, anchor, far } = place
  const line = far
    ? html`<path class="leader" d="M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${x.toFixed(1)} ${(y - 3.5).toFixed(1)}"/>`
    : undefined
  return html`${line}<text class="label" x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${text}</text>
`
}

type Marker = { name: string; at: { x: number; y: number } }

/** What a marker covers: its circle and its name above. */
function obstaclesOf({ name, at: { x, y } }: Marker): Box[] {
  const half = name.length * 5
  return [
    { x: x - 11, y: y - 11, width: 22, height: 22 },
    { x: x - half, y: y - 30, width: 2 * half, height: 18 },
  ]
}

function renderMarker({ name, at: { x, y } }: Marker, colour: string): Html {
  return html`<g class="cluster" style="--c:${colour}" transform="translate(${x.toFixed(1)} ${y.toFixed(1)})"><circle r="9"/><circle class="core" r="4"/><text y="-16">${name}</text></g>
`
}

function draw(shape: GeoPermissibleObjects): string {
  return path(shape) ?? ''
}

let land: string | undefined

function landPath(): string {
  if (land !== undefined) return land
  const file = createRequire(import.meta.url).resolve('world-atlas/land-110m.json')
  const atlas = JSON.parse(readFileSync(file, 'utf8'))
  land = draw(feature(atlas, atlas.objects.land))
  return land
}
