import { type Html, html } from '../report/html.ts'
import { regionPlace } from '../report/places.ts'
import { regionColours } from '../report/region-colours.ts'
import { chip, renderRecords, renderSpread, renderTable } from '../report/tables.ts'
import { renderMap } from '../report/world-map.ts'
import { mostRecords, type WorldView } from './view-world.ts'

/** Parts of the page that change by themselves, by the ids of the elements that hold them. */
export const partTitles = {
  numbers: 'In numbers',
  map: 'Map',
  clusters: 'Clusters',
  records: 'Records',
  requests: 'Requests as they come',
  inventory: 'What exists',
} as const

export type PartName = keyof typeof partTitles
export type Parts = Record<PartName, string>

/** The markup of every part. */
export function renderParts(view: WorldView): Parts {
  const colours = regionColours(view.clusters.map(({ region }) => region))
  return {
    numbers: renderNumbers(view).markup,
    map: renderWorld(view, colours).markup,
    clusters: renderClusters(view, colours).markup,
    records: renderZone(view).markup,
    requests: renderStream(view).markup,
    inventory: renderThings(view).markup,
  }
}

function renderNumbers({ clusters, replicas, name, cities, things }: WorldView): Html {
  const sum = (key: 'count' | 'hourlyCost') => things.reduce((total, thing) => total + thing[key], 0)
  const facts = [
    [`${clusters.filter(({ ready }) => ready).length} of ${clusters.length}`, 'clusters ready'],
    [Object.values(replicas).join(' / ') || '–', 'pods of apps by cluster'],
    [
      `${cities.filter(({ ok }) => ok).length} of ${cities.length}`,
      name === '' ? 'cities led anywhere' : `cities led anywhere by ${name}`,
    ],
    [String(sum('count')), 'things exist'],
    [`$${sum('hourlyCost').toFixed(2)}`, 'an hour'],
  ]
  return html`<ul class="facts">${facts.map(([value, label]) => html`<li><b>${value}</b> <span>${label}</span></li>`)}</ul>`
}

function renderWorld({ clusters, cities }: WorldView, colours: ReadonlyMap<string, string>): Html {
  const dns = { fqdn: '', zoneId: '', records: [], verification: cities }
  const legend = clusters.map(({ name, region }) => {
    const led = cities.filter(city => city.region === region).map(({ city }) => city)
    return html`<li>${chip(colours.get(region))}<strong>${name}</strong> ${regionPlace(region)}${led.length > 0 ? `: ${led.join(', ')}` : ''}</li>`
  })
  return html`${renderMap({ clusters, dns }, colours)}<ul class="legend">${legend}</ul>`
}

function renderClusters(view: WorldView, colours: ReadonlyMap<string, string>): Html {
  if (view.clusters.length === 0)
    return html`<p class="quiet">There is none yet: <code>kops create cluster</code> makes one, or <code>serve --built</code> all of them.</p>`
  return renderSpread(view, colours)
}

function renderZone({ records, moreRecords }: WorldView): Html {
  if (records.length === 0) return html`<p class="quiet">The zones hold nothing of their own.</p>`
  const more =
    moreRecords > 0
      ? html`<p class="quiet">The first ${mostRecords}, and ${moreRecords} more.</p>`
      : undefined
  return html`${renderRecords({ dns: { records } })}${more}`
}

function renderThings({ things }: WorldView): Html {
  if (things.length === 0) return html`<p class="quiet">Nothing.</p>`
  const rows = things.map(({ type, regions, count, hourlyCost }) => [
    type,
    count,
    regions.join(', '),
    hourlyCost === 0 ? '–' : `$${hourlyCost.toFixed(4)}`,
  ])
  return renderTable(['Item', 'How many', 'Where', 'An hour'], rows, true)
}

function renderStream({ requests }: WorldView): Html {
  if (requests.length === 0) return html`<p class="quiet">None yet.</p>`
  const rows = requests.map(({ at, request: { client, service, operation, status, error, failure } }) => [
    new Date(at).toISOString().slice(11, 19),
    client,
    service,
    html`<code>${operation}</code>`,
    error || failure || (status !== undefined && status >= 400)
      ? html`<span class="bad">${[status, error ?? failure].filter(Boolean).join(' ')}</span>`
      : (status ?? ''),
  ])
  return renderTable(['Time', 'From', 'To', 'What', 'Answer'], rows, true)
}
