import type { LabReport } from '../lab-report.ts'
import { type Html, html } from './html.ts'
import { renderInventory } from './inventory-chart.ts'
import { regionPlace } from './places.ts'
import { regionColours } from './region-colours.ts'
import { style } from './style.ts'
import { chip, renderCities, renderLeft, renderRecords, renderRequests, renderSpread } from './tables.ts'
import { renderTimeline } from './timeline.ts'
import { renderMap } from './world-map.ts'

/** The whole report as one page that needs nothing else: no script, no font, no request. */
export function renderPage(report: LabReport): string {
  const colours = regionColours(report.clusters.map(cluster => cluster.region))
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Meridian lab: ${report.ok ? 'everything succeeded' : 'failed'}</title><style>${{ markup: style }}</style></head>
<body><main>
${renderHead(report)}
${section('Who is led where', html`${renderMap(report, colours)}${renderLegend(report, colours)}`)}
${section('The spread', renderSpread(report, colours))}
${section('Timeline', renderTimeline(report))}
${section('What existed', renderInventory(report))}
${section('What is left', renderLeft(report))}
${section(`The records of ${report.dns.fqdn || 'the name'}`, renderRecords(report))}
<div class="pair">${section('Cities', renderCities(report, colours))}${section('Requests', renderRequests(report))}</div>
</main></body></html>
`
  return page.markup
}

function renderHead(report: LabReport): Html {
  const { clusters, replicas, dns, left, peak, seconds, ok } = report
  const right = dns.verification.filter(city => city.ok).length
  const facts = [
    [Object.values(replicas).join(' / ') || '–', 'pods per cluster'],
    [String(clusters.filter(cluster => cluster.ready).length), 'clusters ready'],
    [`${right} of ${dns.verification.length}`, 'cities led to the nearest region'],
    [String(peak.count), 'things existed at most'],
    [`$${peak.hourlyCost.toFixed(2)}`, 'an hour at most'],
    [String(left.length), 'things left'],
  ]
  return html`<header><h1>${dns.fqdn || report.domain}</h1>
<p><strong class="${ok ? 'good' : 'bad'}">${ok ? 'Everything succeeded' : 'Failed'}</strong> in ${seconds.toFixed(1)} s,
 ${report.startedAt.slice(0, 16).replace('T', ' ')} UTC. The world ran ${report.scale} times faster than the real one, from seed ${report.seed}${
   report.faults.length > 0 ? `, with ${report.faults.join(', ')}` : ''
 }.</p>
${report.problems.map(problem => html`<p class="bad">✗ ${problem}</p>`)}</header>
<div class="facts">${facts.map(([value, label]) => html`<div><b>${value}</b><span>${label}</span></div>`)}</div>`
}

function renderLegend({ clusters, dns }: LabReport, colours: ReadonlyMap<string, string>): Html {
  const items = clusters.map(({ name, region }) => {
    const cities = dns.verification.filter(city => city.region === region).length
    return html`<li>${chip(colours.get(region))}<strong>${name}</strong> ${regionPlace(region)}: ${cities} ${cities === 1 ? 'city' : 'cities'}</li>`
  })
  return html`<ul class="legend">${items}</ul>`
}

function section(title: string, content: Html): Html {
  return html`<section><h2>${title}</h2>${content}</section>
`
}
