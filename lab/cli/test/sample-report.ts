import type { LabReport, ReportJob } from '../lab-report.ts'

const members = [
  { name: 'usa', region: 'us-east-1' },
  { name: 'eur', region: 'eu-west-1' },
  { name: 'jpn', region: 'ap-northeast-1' },
]
const hostname = (region: string): string =>
  `a1b2c3d4e5f60718293a4b5c6d7e8f90-1234567890.${region}.elb.amazonaws.com`

const cities: [city: string, region: string][] = [
  ['New York', 'us-east-1'],
  ['Los Angeles', 'us-east-1'],
  ['Mexico City', 'us-east-1'],
  ['São Paulo', 'us-east-1'],
  ['Buenos Aires', 'us-east-1'],
  ['London', 'eu-west-1'],
  ['Dublin', 'eu-west-1'],
  ['Cape Town', 'eu-west-1'],
  ['Singapore', 'ap-northeast-1'],
  ['Tokyo', 'ap-northeast-1'],
  ['Sydney', 'ap-northeast-1'],
  ['Auckland', 'ap-northeast-1'],
]

const silent = { result: 'success', summary: '', log: [] } as const

const job = (
  workflow: string,
  name: string,
  needs: string[],
  startedAt: number,
  seconds: number,
): ReportJob => ({
  workflow,
  id: name.startsWith('cluster ') ? 'clusters' : name,
  name,
  needs,
  result: 'success',
  startedAt,
  seconds,
  steps: [
    { ...silent, name: 'Run actions/checkout', startedAt, seconds: 0.2, log: [] },
    {
      name: 'Run ./actions/some',
      result: 'success',
      startedAt: startedAt + 0.2,
      seconds: seconds - 0.4,
      summary: `### The ${name}\n\n| what | is |\n| --- | --- |\n| state | ready |\n`,
      log: [`::group::Making the ${name}`, 'asked for it', '::endgroup::', 'it is there'],
    },
    { ...silent, name: 'Post ./actions/some', startedAt: startedAt + seconds - 0.2, seconds: 0.2, log: [] },
  ],
})

const delay = (what: string, place: string, from: number, to: number) => ({ what, place, from, to })

/** A report as a good run of the whole story makes it. */
export const sampleReport: LabReport = {
  ok: true,
  problems: [],
  failures: [],
  startedAt: '2026-11-23T12:00:00.000Z',
  seconds: 26.4,
  domain: 'k8s.example.com',
  seed: 1,
  faults: [],
  scale: 60,
  jobs: [
    job('Up', 'cluster usa', [], 0.1, 8.2),
    job('Up', 'cluster eur', [], 0.1, 7.7),
    job('Up', 'cluster jpn', [], 0.1, 8.6),
    job('Up', 'federation', ['clusters'], 8.8, 5.1),
    job('Up', 'app', ['federation'], 14, 3.2),
    job('Up', 'dns', ['app'], 17.3, 2),
    job('Down', 'teardown', [], 19.4, 6.9),
  ],
  delays: [
    ...members.flatMap(({ name }) => [
      delay('API comes up', `${name}.k8s.example.com`, 1, 3),
      delay('machine joins', `${name}.k8s.example.com`, 2.5, 7),
    ]),
    delay('pod starts', 'usa.k8s.example.com', 9, 11),
    delay('load balancer is set up', 'us-east-1', 10, 13),
    delay('pod starts', 'jpn.k8s.example.com', 15, 16),
    delay('change reaches all name servers', '', 18, 18.5),
  ],
  clusters: members.map(member => ({ ...member, ready: true, nodes: 2 })),
  replicas: { usa: 2, eur: 2, jpn: 2 },
  endpoints: members.map(({ name, region }) => ({ cluster: name, region, hostname: hostname(region) })),
  dns: {
    fqdn: 'hugo-fed.k8s.example.com',
    zoneId: 'Z0123456789ABCDEFGHIJ',
    records: members.map(({ region }) => ({
      name: 'hugo-fed.k8s.example.com',
      type: 'A',
      region,
      alias: true,
      target: hostname(region),
    })),
    verification: cities.map(([city, region]) => ({
      city,
      region,
      expected: region,
      target: hostname(region),
      ok: true,
    })),
  },
  left: [],
  inventory: [
    { at: 0.4, count: 3, hourlyCost: 0 },
    { at: 2, count: 30, hourlyCost: 0.1 },
    { at: 4, count: 78, hourlyCost: 0.35 },
    { at: 10, count: 82, hourlyCost: 0.375 },
    { at: 16, count: 93, hourlyCost: 0.45 },
    { at: 20, count: 80, hourlyCost: 0.4 },
    { at: 23, count: 20, hourlyCost: 0.05 },
    { at: 26, count: 0, hourlyCost: 0 },
  ],
  peak: { count: 93, hourlyCost: 0.45 },
  costs: [
    { type: 'instance', count: 6, hourlyCost: 0.28, cost: 0.06 },
    { type: 'load-balancer', count: 7, hourlyCost: 0.17, cost: 0.02 },
  ],
  requests: {
    'create-cluster': { s3: { reads: 9, writes: 12 }, kubernetes: { reads: 6, writes: 0 } },
    'latency-dns': { route53: { reads: 30, writes: 1 } },
    teardown: {
      route53: { reads: 4, writes: 1 },
      s3: { reads: 9, writes: 3 },
      ec2: { reads: 12, writes: 0 },
    },
  },
}
