import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type GeoPermissibleObjects, geoEqualEarth, geoPath } from 'd3-geo'
import { feature } from 'topojson-client'
import type { LabReport } from '../lab-report.ts'
import { type Html, html } from './html.ts'
import { cityPosition, type Position, regionPlace, regionPosition } from './places.ts'

const width = 960
const height = 440

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

/** The world with a line from every city that was asked to the region it is led to. */
export function renderMap({ clusters, dns }: LabReport, colours: ReadonlyMap<string, string>): Html {
  const lines = dns.verification.flatMap(({ city, region, target, ok }) => {
    const [from, to] = [cityPosition(city), regionPosition(region)]
    if (!from) return []
    const title = `${city} → ${region === '' ? 'nowhere' : `${regionPlace(region)} (${region})`} ${target}`
    return [{ from, to, title, colour: colours.get(region) ?? 'currentColor', ok }]
  })
  const markers = clusters.flatMap(cluster => {
    const position = regionPosition(cluster.region)
    return position ? [{ ...cluster, position }] : []
  })
  return html`<svg class="map" viewBox="0 0 ${width} ${height}" role="img" aria-label="Cities and the regions they are led to">
<path class="sea" d="${draw({ type: 'Sphere' })}"/><path class="land" d="${landPath()}"/>
${lines.map(renderLine)}
${markers.map(marker => renderMarker(marker, colours.get(marker.region) ?? 'currentColor'))}
</svg>`
}

type Line = { from: Position; to: Position | undefined; title: string; colour: string; ok: boolean }

function renderLine({ from, to, title, colour, ok }: Line): Html {
  const [x, y] = projection(from) ?? [0, 0]
  const line = to && html`<path class="way" d="${draw({ type: 'LineString', coordinates: [from, to] })}"/>`
  return html`<g style="--c:${colour}"${ok ? undefined : html` class="wrong"`}><title>${title}</title>${line}<circle class="city" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3.5"/></g>
`
}

function renderMarker(marker: { name: string; position: Position; ready: boolean }, colour: string): Html {
  const [x, y] = projection(marker.position) ?? [0, 0]
  return html`<g class="cluster" style="--c:${colour}" transform="translate(${x.toFixed(1)} ${y.toFixed(1)})"><circle r="9"/><circle class="core" r="4"/><text y="-16">${marker.name}</text></g>
`
}

function draw(shape: GeoPermissibleObjects): string {
  return path(shape) ?? ''
}

function landPath(): string {
  const file = createRequire(import.meta.url).resolve('world-atlas/land-110m.json')
  const atlas = JSON.parse(readFileSync(file, 'utf8'))
  return draw(feature(atlas, atlas.objects.land))
}
