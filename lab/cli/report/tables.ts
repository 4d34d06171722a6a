import type { LabReport } from '../lab-report.ts'
import { type Html, html } from './html.ts'
import { regionPlace } from './places.ts'

type Cell = Html | string | number | undefined

/**
 * A table. With long cells its rows turn into cards on narrow screens, where each cell says which column it is;
 * `compact` ones stay tables everywhere.
 */
export function renderTable(
  headers: readonly string[],
  rows: readonly (readonly Cell[])[],
  compact = false,
): Html {
  return html`<table class="${compact ? 'compact' : 'cards'}"><thead><tr>${headers.map(header => html`<th scope="col">${header}</th>`)}</tr></thead>
<tbody>${rows.map(
    row => html`<tr>${row.map((cell, at) => html`<td data-label="${headers[at]}">${cell}</td>`)}</tr>
`,
  )}</tbody></table>`
}

/** The spread of the app: one row for each cluster, and the sum. */
export function renderSpread(
  { clusters, replicas, endpoints }: Pick<LabReport, 'clusters' | 'replicas' | 'endpoints'>,
  colours: ReadonlyMap<string, string>,
): Html {
  const rows = clusters.map(({ name, region, ready, nodes }) => [
    html`${chip(colours.get(region))}${name}`,
    `${regionPlace(region)} (${region})`,
    ready ? html`<span class="good">ready</span>` : html`<span class="bad">not ready</span>`,
    nodes,
    html`<strong>${replicas[name] ?? 0}</strong>`,
    html`<code>${endpoints.find(endpoint => endpoint.cluster === name)?.hostname ?? '–'}</code>`,
  ])
  return renderTable(['Cluster', 'Region', 'State', 'Nodes', 'Pods', 'Load balancer'], rows)
}

/** The record group as it is in Route 53. */
export function renderRecords({ dns }: { dns: Pick<LabReport['dns'], 'records'> }): Html {
  const rows = dns.records.map(({ name, type, region, alias, ttl, target }) => [
    html`<code>${name}</code>`,
    type,
    html`<span class="short">${region ?? '–'}</span>`,
    alias ? 'alias' : ttl === undefined ? '–' : `${ttl}s`,
    html`<code>${target ?? '–'}</code>`,
  ])
  return renderTable(['Name', 'Type', 'Region', 'TTL', 'Target'], rows)
}

/** Where each city is led to. */
export function renderCities({ dns }: LabReport, colours: ReadonlyMap<string, string>): Html {
  const rows = dns.verification.map(({ city, region, expected, ok }) => [
    city,
    html`${chip(colours.get(region))}${region === '' ? 'no answer' : regionPlace(region)}`,
    regionPlace(expected),
    ok ? html`<span class="good">✓</span>` : html`<span class="bad">✗</span>`,
  ])
  return renderTable(['City', 'Led to', 'Nearest', 'Same'], rows, true)
}

/** What still exists; a sentence when there is nothing. */
export function renderLeft({ left }: LabReport): Html {
  if (left.length === 0) return html`<p><strong class="good">0</strong> things are left, for $0 an hour.</p>`
  const rows = left.map(({ type, id, region, name, hourlyCost }) => [
    type,
    html`<code>${id}</code>`,
    name ?? '–',
    region,
    `$${hourlyCost.toFixed(4)}`,
  ])
  return renderTable(['Type', 'Id', 'Name', 'Region', 'Cost an hour'], rows)
}

/** What cost money, and all of it together. */
export function renderCosts({ costs, peak }: LabReport): Html {
  const rows = costs.map(({ type, count, hourlyCost, cost }) => [
    type,
    count,
    `$${hourlyCost.toFixed(4)}`,
    `$${cost.toFixed(2)}`,
  ])
  const sum = costs.reduce((total, { cost }) => total + cost, 0)
  const all = ['All', '', `$${peak.hourlyCost.toFixed(4)}`, `$${sum.toFixed(2)}`].map(
    cell => html`<strong>${cell}</strong>`,
  )
  return renderTable(
    ['Item', 'At most at a time', 'Then an hour', 'For the time that it stood'],
    [...rows, all],
    true,
  )
}

/** Requests by who sent them and which service answered. */
export function renderRequests({ requests }: LabReport): Html {
  const rows = Object.entries(requests).flatMap(([client, services]) =>
    Object.entries(services).map(([service, { reads, writes }]) => [client, service, reads, writes]),
  )
  return renderTable(['From', 'To', 'Reads', 'Writes'], rows, true)
}

/** A dot in the colour of a region; in that of the text where it has none. */
export function chip(colour: string | undefined): Html {
  return html`<i class="chip" style="--c:${colour ?? 'currentColor'}"></i>`
}
