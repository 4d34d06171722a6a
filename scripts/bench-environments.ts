import { setTimeout as sleep } from 'node:timers/promises'
import { publishedRecords } from '@meridian/lab-route53'
import { runAction } from '@meridian/lab-runner'
import { openShop, type Workflows } from '@meridian/lab-test'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { listAt, numberAt, textAt } from '@meridian/lab-world/json'
import { repository } from './action-files.ts'

const regions = { usa: 'us-east-1', eur: 'eu-west-1' }
/** Of what its own waits take, and of the time that an environment with clusters of its own takes. */
const budgets = { waits: 1.1, own: 0.1 }

/**
 * Measures from a push to a verified name, in real time and in one world: an environment that is opened and one that is
 * updated in a federation that stands, and one with a federation of its own beside them.
 */
export async function benchEnvironments(): Promise<void> {
  const universe = await startUniverse({ scale: 1 })
  try {
    await addFederation(universe)
    const own = measureOwn(universe)
    const shared = await openShop(universe, { clusters: listOf('fullName'), env: {}, perform: 'processes' })
    const number = shared.repository.openPull()
    const opened = await measure(universe, shared, 'pr-1', number)
    shared.repository.push(number)
    const pushed = await measure(universe, shared, 'pr-1', number)
    tell({ opened, pushed, own: await own })
  } finally {
    await universe.close()
  }
}

type Measured = {
  readonly total: number
  readonly app: number
  readonly names: number
  readonly steps: string
}

function tell({ opened, pushed, own }: Record<'opened' | 'pushed' | 'own', Measured>): void {
  console.log(
    `${'environments of pull requests, from a push to verified names'.padEnd(61)}${['ended', 'app', 'names', 'to waits', 'to own'].map(title => title.padStart(10)).join('')}`,
  )
  const line = (title: string, { total, app, names, steps }: Measured, toWaits: string) => {
    const cells = [seconds(total), seconds(app), seconds(names), toWaits, (total / own.total).toFixed(2)]
    console.log(`  ${title.padEnd(59)}${cells.map(cell => cell.padStart(10)).join('')}\n    ${steps}`)
  }
  const ratio = ({ total, app, names }: Measured) => (total / (app + names)).toFixed(2)
  line('opened in a standing federation', opened, ratio(opened))
  line('pushed to in a standing federation', pushed, ratio(pushed))
  line('opened with clusters of its own', own, '')
  console.log(
    `  (budgets of a standing federation: ${budgets.waits} x its waits, ${budgets.own} x own clusters)`,
  )
}

const seconds = (value: number) => `${value.toFixed(1)} s`

function listOf(more: 'fullName' | 'zones'): string {
  const of = (name: string, region: string) =>
    more === 'zones' ? { zones: [`${region}a`] } : { fullName: `${name}.k8s.example.com` }
  return JSON.stringify(
    Object.entries(regions).map(([name, region]) => ({ name, region, ...of(name, region) })),
  )
}

/** A platform that somebody has: this is not what is measured, and waits for machines in real time. */
async function addFederation(universe: Universe): Promise<void> {
  await Promise.all(
    Object.entries(regions).map(([name, region]) =>
      universe.addCluster(`${name}.${universe.domain}`, { zone: `${region}a` }),
    ),
  )
  const made = await runAction({
    dir: `${repository}/actions/federate`,
    inputs: { domain: universe.domain, clusters: listOf('fullName') },
    env: universe.env,
  })
  if (made.exitCode !== 0) throw new Error(made.stdout)
}

async function measureOwn(universe: Universe): Promise<Measured> {
  const caller = { slug: 'acme/own', id: '1002', ownerId: '77' }
  const given = { kind: 'own', prefix: 'own-' }
  const own = await openShop(universe, {
    ...{ caller, clusters: listOf('zones'), env: {}, with: given, perform: 'processes' },
  })
  return measure(universe, own, 'own-1', own.repository.openPull())
}

/** Waits for the run that a deed has just started. What is seen of its waits is seen from outside. */
async function measure(
  universe: Universe,
  { repository: { pull }, atRest, runs }: Workflows,
  environment: string,
  number: number,
): Promise<Measured> {
  const began = Date.now()
  const head = pull(number).head
  const watched = new AbortController()
  const [app, names] = [
    lasting(() => appOf(universe, environment, head), watched.signal),
    lasting(() => namesOf(universe, environment), watched.signal),
  ]
  await atRest()
  watched.abort()
  const run = runs.at(-1)
  if (run?.result !== 'success') throw new Error(`the run of ${environment} ended with ${run?.result}`)
  const steps = run.jobs.flatMap(job => job.steps).filter(({ outcome }) => outcome !== 'skipped')
  const last = steps.find(({ name }) => name.includes('latency-dns'))
  if (last === undefined) throw new Error(`${environment} got no name`)
  return {
    total: (last.startedAt - began) / 1000 + last.seconds,
    app: await app,
    names: await names,
    steps: steps
      .filter(({ startedAt }) => startedAt <= last.startedAt)
      .map(({ name, seconds: took }) => `${name.replace(/^.*\/|@.*$/g, '')} ${seconds(took)}`)
      .join(', '),
  }
}

type State = 'absent' | 'coming' | 'there'

/** Seconds for which something is on its way, until nobody looks any more. */
async function lasting(look: () => State, signal: AbortSignal): Promise<number> {
  let total = 0
  let since = performance.now()
  let before = look()
  while (!signal.aborted) {
    await sleep(25)
    const now = performance.now()
    if (before === 'coming') total += now - since
    since = now
    before = look()
  }
  return total / 1000
}

/** Pods of the commit and names of load balancers, in the clusters that bear an environment. */
function appOf({ clusters }: Universe, environment: string, head: string): State {
  const stores = clusters.clusters().map(({ store }) => store)
  const apps = stores.flatMap(store =>
    store.list('Deployment', { namespace: environment }).map(deployment => ({ store, deployment })),
  )
  const fresh = apps.filter(({ deployment }) =>
    textAt(deployment, 'spec', 'template', 'spec', 'containers', 0, 'image').endsWith(head),
  )
  if (fresh.length === 0) return 'absent'
  const isThere = fresh.every(({ store, deployment }) => {
    const wanted = numberAt(deployment, 'spec', 'replicas')
    const services = store.list('Service', { namespace: environment })
    return (
      numberAt(deployment, 'status', 'updatedReplicas') === wanted &&
      numberAt(deployment, 'status', 'availableReplicas') === wanted &&
      numberAt(deployment, 'status', 'replicas') === wanted &&
      services.every(service => listAt(service, 'status', 'loadBalancer', 'ingress').length > 0) &&
      services.length > 0
    )
  })
  return isThere && fresh.length === Object.keys(regions).length ? 'there' : 'coming'
}

function namesOf({ zone, world }: Universe, environment: string): State {
  const isOurs = ({ name, type }: { name: string; type: string }) =>
    type === 'A' && name.includes(`.${environment}.`)
  const textOf = (records: ReturnType<typeof zone.records.all>) => JSON.stringify(records.filter(isOurs))
  const written = textOf(zone.records.all())
  if (written === '[]') return 'absent'
  return written === textOf(publishedRecords(zone, world.clock.elapsed()).all()) ? 'there' : 'coming'
}

if (import.meta.main) await benchEnvironments()
