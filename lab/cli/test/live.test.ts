import { startUniverse } from '@meridian/lab-universe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { showLivePage } from '../live/live-page.ts'
import { renderParts } from '../live/render-parts.ts'
import { mostRecords, viewWorld } from '../live/view-world.ts'
import { sampleView } from './sample-view.ts'

const universe = await startUniverse({ scale: 10_000 })
afterAll(universe.close)

const { records } = universe.zone
const balancer = (region: string) =>
  universe.aws.elb.create({ type: 'network', name: `app-${region}`, region, tags: {}, listeners: [] })

describe('a view of the world', () => {
  test('of a new one is empty', () => {
    expect(viewWorld(universe)).toMatchObject({
      domain: 'k8s.example.com',
      scale: 10_000,
      clusters: [],
      records: [],
      name: '',
      cities: [],
      things: [],
    })
  })

  test('leads each city to where the first name with latency records leads it', () => {
    const name = 'shop.k8s.example.com.'
    for (const region of ['us-east-1', 'ap-northeast-1']) {
      const { hostname } = balancer(region)
      records.put({ name, type: 'CNAME', ttl: 60, values: [hostname], region, setIdentifier: region })
    }
    universe.zone.editions.splice(0, Infinity, { records, at: 0 })
    const view = viewWorld(universe)
    const led = Object.fromEntries(view.cities.map(({ city, region }) => [city, region]))
    expect(view.name).toBe('shop.k8s.example.com')
    expect(led).toMatchObject({ 'New York': 'us-east-1', Tokyo: 'ap-northeast-1' })
  })

  test('counts what exists by type', () => {
    expect(viewWorld(universe).things).toContainEqual({
      type: 'load-balancer',
      regions: ['us-east-1', 'ap-northeast-1'],
      count: 2,
      hourlyCost: expect.closeTo(0.045, 3),
    })
  })

  test('has no more records than a page shows, and says how many there are', () => {
    for (let at = 0; at < mostRecords; at += 1)
      records.put({ name: `n${at}.k8s.example.com.`, type: 'A', ttl: 60, values: ['198.51.100.1'] })
    const view = viewWorld(universe)
    expect(view.records).toHaveLength(mostRecords)
    expect(view.moreRecords).toBe(2)
  })

  test('has the latest requests first, without those of Karmada itself, and looking adds none', () => {
    for (const client of ['kubectl', 'karmada', 'aws-cli'])
      universe.world.requests.record({
        client,
        service: 'route53',
        operation: 'ListHostedZones',
        write: false,
      })
    viewWorld(universe)
    expect(viewWorld(universe).requests.map(({ request }) => request.client)).toEqual(['aws-cli', 'kubectl'])
  })
})

describe('the parts of the page', () => {
  test.each([
    ['numbers', '<b>3 of 3</b> <span>clusters ready</span>'],
    ['numbers', '<b>$0.08</b> <span>an hour</span>'],
    ['map', '>Tokyo</text>'],
    ['clusters', 'ap-northeast-1.elb.amazonaws.com</code>'],
    ['records', '<code>hugo-fed.k8s.example.com</code>'],
    ['inventory', '<td data-label="An hour">$0.0832</td>'],
    ['requests', '<code>&#60;get&#62;</code>'],
    ['requests', '<span class="bad">404</span>'],
  ] as const)('%s: %s', (part, expected) => {
    expect(renderParts(sampleView)[part]).toContain(expected)
  })
})

describe('the front door', () => {
  beforeAll(() => showLivePage(universe))
  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(universe.url + path, { headers, redirect: 'manual' })

  test('leads a browser to the page', async () => {
    const { status, headers } = await ask('/', { accept: 'text/html,*/*;q=0.8' })
    expect({ status, to: headers.get('location') }).toEqual({ status: 302, to: '/_world/page' })
  })

  test('is still AWS for all others', async () => {
    expect((await ask('/')).headers.get('content-type')).toContain('xml')
  })

  test('has the page, which asks nothing of anybody else', async () => {
    const page = await (await ask('/_world/page')).text()
    expect(page).toContain('<title>Meridian lab: k8s.example.com, live</title>')
    expect(page).not.toMatch(/<(link|img|iframe)|<script.+src|@import|https?:\/\//)
  })

  test('knows no other pages', async () => {
    expect((await ask('/_world/page/other')).status).toBe(404)
  })
})
