import type { LabReport } from '../lab-report.ts'
import { realClock } from '../timing.ts'
import { roughly } from './duration.ts'
import { renderFailures } from './failures.ts'
import { type Html, html } from './html.ts'
import { renderInventory } from './inventory-chart.ts'
import { renderJobs } from './jobs.ts'
import { regionPlace } from './places.ts'
import { regionColours } from './region-colours.ts'
import { contentPolicy, readScript } from './script.ts'
import { style } from './style.ts'
import {
  chip,
  renderCities,
  renderCosts,
  renderLeft,
  renderRecords,
  renderRequests,
  renderSpread,
} from './tables.ts'
import { renderTimeline } from './timeline.ts'
import { renderMap } from './world-map.ts'

/** What the product is, in a sentence. */
export const sentence =
  'Six GitHub Actions that build one Kubernetes federation across AWS regions, deploy an app to all of it, send every user to the nearest region, and tear everything down without a trace.'

/** The mark of the product: a globe's meridians. */
export const mark = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/><ellipse cx="12" cy="12" rx="4.4" ry="10"/><path d="M2 12h20"/></svg>`

type Section = { id: string; title: string; content: Html }

/** The whole report as one page that needs nothing else and asks nothing of the network. */
export function renderPage(report: LabReport): string {
  const sections = sectionsOf(report)
  const script = readScript('search.js')
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(script)}">
<title>Meridian lab: ${report.ok ? 'everything succeeded' : 'failed'}</title><style>${{ markup: style }}</style></head>
<body><a class="skip" href="#content">To the content</a>
${renderHead(report)}
<nav class="bar-top" aria-label="Parts of the report"><div><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul>
<form class="search" role="search" hidden><label for="search">Search summaries and logs</label><input id="search" type="search" placeholder="Search summaries and logs"><span id="found" role="status"></span></form></div></nav>
<main id="content" tabindex="-1">${renderFailures(report)}${renderFacts(report)}
${sections.map(renderSection)}</main>
<footer>Made by Meridian's lab: the built actions and the real workflow files, run on this machine against an imitation of AWS, Kubernetes, kops and Karmada.</footer>
<script type="module">${{ markup: script }}</script></body></html>
`
  return page.markup
}

function sectionsOf(report: LabReport): Section[] {
  const { clusters, dns } = report
  const colours = regionColours(clusters.map(cluster => cluster.region))
  const map: Section = {
    id: 'map',
    title: 'Map',
    content: html`${renderMap(report, colours)}${renderLegend(report, colours)}`,
  }
  const spread = { id: 'spread', title: 'Spread', content: renderSpread(report, colours) }
  const records = { id: 'records', title: 'Records', content: renderRecords(report) }
  const cities = { id: 'cities', title: 'Cities', content: renderCities(report, colours) }
  return [
    ...(clusters.length > 0 ? [map, spread] : []),
    { id: 'timeline', title: 'Timeline', content: renderTimeline(report) },
    { id: 'jobs', title: 'Summaries and logs', content: renderJobs(report) },
    ...(report.costs.length > 0 ? [{ id: 'cost', title: 'Cost', content: renderCosts(report) }] : []),
    ...(report.inventory.length > 0
      ? [{ id: 'existed', title: 'What existed', content: renderInventory(report) }]
      : []),
    { id: 'left', title: 'What is left', content: renderLeft(report) },
    ...(dns.records.length > 0 ? [records] : []),
    ...(dns.verification.length > 0 ? [cities] : []),
    ...(Object.keys(report.requests).length > 0
      ? [{ id: 'requests', title: 'Requests', content: renderRequests(report) }]
      : []),
  ]
}

function renderSection({ id, title, content }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>
`
}

function renderHead(report: LabReport): Html {
  const { dns, seconds, ok, domain, scale, seed, faults, startedAt } = report
  const real = roughly(realClock(report)({ from: 0, to: seconds }))
  const result = ok ? '✓ Everything succeeded' : '✗ Failed'
  return html`<header><p class="product">${mark}<strong>Meridian</strong> ${sentence}</p>
<h1>${dns.fqdn || domain}</h1>
<p class="result"><strong class="${ok ? 'good' : 'bad'}">${result}</strong> after ${seconds.toFixed(1)} s in the lab, which are about ${real} in the real world.</p>
<p class="quiet">${startedAt.slice(0, 16).replace('T', ' ')} UTC. What one waits for passes ${scale} times faster here; the world's seed is ${seed}${
    faults.length > 0 ? `, and its faults are ${faults.join(', ')}` : ''
  }.</p></header>
`
}

function renderFacts(report: LabReport): Html | undefined {
  const { clusters, replicas, dns, left, peak, costs } = report
  if (clusters.length === 0) return undefined
  const right = dns.verification.filter(city => city.ok).length
  const facts = [
    [Object.values(replicas).join(' / ') || '–', 'pods per cluster'],
    [String(clusters.filter(cluster => cluster.ready).length), 'clusters ready'],
    ...(dns.verification.length > 0
      ? [[`${right} of ${dns.verification.length}`, 'cities led to the nearest region']]
      : []),
    [`$${peak.hourlyCost.toFixed(2)}`, 'an hour at most'],
    [`$${costs.reduce((sum, { cost }) => sum + cost, 0).toFixed(2)}`, 'for all of it, about'],
    [String(left.length), left.length === 1 ? 'thing left' : 'things left'],
  ]
  return html`<ul class="facts" aria-label="In numbers">${facts.map(([value, label]) => html`<li><b>${value}</b> <span>${label}</span></li>`)}</ul>`
}

function renderLegend({ clusters, dns }: LabReport, colours: ReadonlyMap<string, string>): Html {
  const items = clusters.map(({ name, region }) => {
    const cities = dns.verification.filter(city => city.region === region).map(({ city }) => city)
    return html`<li>${chip(colours.get(region))}<strong>${name}</strong> ${regionPlace(region)}${cities.length > 0 ? `: ${cities.join(', ')}` : ''}</li>`
  })
  return html`<ul class="legend">${items}</ul>`
}
