import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type KubernetesServer, startKubernetes } from '@meridian/lab-kube-api'
import { runAction } from '@meridian/lab-runner'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { repository } from './action-files.ts'
import { openSlowDoor, roundTripMilliseconds } from './slow-door.ts'
import { verdict } from './verdict.ts'

const action = join(repository, 'actions/latency-dns')
const regions = ['ap-northeast-1', 'eu-west-1', 'us-east-1']
const rounds = 7
const token = 'bench'

/**
 * Measures how long a new latency group takes from the start of a process to its end, without waiting for name servers:
 * by latency-dns, and by a given external-dns that runs once over three Services, in turn; medians.
 */
export async function benchExternalDns(binary: string): Promise<void> {
  const universe = await startUniverse({ scale: 60 })
  const door = await openSlowDoor(universe.url)
  const kubernetes = await startKubernetes()
  kubernetes.addToken(token, 'bench', ['system:masters'])
  const temp = mkdtempSync(join(tmpdir(), 'meridian-bench-'))
  writeFileSync(join(temp, 'kubeconfig'), kubernetes.kubeconfig)
  const env = { ...universe.env, AWS_ENDPOINT_URL: door.url, KUBECONFIG: join(temp, 'kubeconfig') }
  try {
    const ours: Cost[] = []
    const theirs: Cost[] = []
    for (let round = 0; round <= rounds; round += 1) {
      const own = await measure(universe, `ours-${round}`, name => applyByAction(universe, env, name))
      const other = await measure(universe, `theirs-${round}`, name =>
        applyByPeer(kubernetes, universe, env, binary, name),
      )
      // The first reads the disk.
      if (round === 0) continue
      ours.push(own)
      theirs.push(other)
    }
    const [own, other] = [median(ours), median(theirs)]
    console.log(
      `a new group in ${regions.length} regions, ${roundTripMilliseconds} ms a request: latency-dns ${tell(own)}, external-dns ${tell(other)}`,
    )
    verdict("time of latency-dns / external-dns's", own.seconds / other.seconds, 1)
  } finally {
    rmSync(temp, { recursive: true, force: true })
    await kubernetes.close()
    door.close()
    await universe.close()
  }
}

type Cost = { readonly seconds: number; readonly requests: number }

const tell = ({ seconds, requests }: Cost) => `${seconds.toFixed(2)} s by ${requests} requests`

/** That of the middle by time. */
function median(costs: readonly Cost[]): Cost {
  const middle = costs.toSorted((a, b) => a.seconds - b.seconds)[costs.length >> 1]
  if (middle === undefined) throw new Error('nothing was measured')
  return middle
}

async function measure(
  { world, zone, domain }: Universe,
  name: string,
  apply: (name: string) => Promise<void>,
): Promise<Cost> {
  const before = world.requests.all().length
  const began = performance.now()
  await apply(name)
  const seconds = (performance.now() - began) / 1_000
  const made = zone.records.at(`${name}.${domain}.`).filter(({ region }) => region !== undefined)
  if (made.length !== regions.length) throw new Error(`${name} has ${made.length} latency records`)
  return { seconds, requests: world.requests.all().length - before }
}

const targetOf = (name: string, region: string) => `${name}.${region}.example.net`

async function applyByAction({ domain }: Universe, env: Record<string, string>, record: string) {
  const endpoints = JSON.stringify(
    Object.fromEntries(regions.map(region => [region, targetOf(record, region)])),
  )
  const inputs = { domain, record, endpoints, verify: 'false', wait: 'false' }
  const done = await runAction({ dir: action, inputs, env })
  if (done.exitCode !== 0) throw new Error(done.stdout)
}

/** The Services are there before it starts, as the endpoints are given to the action. */
async function applyByPeer(
  kubernetes: KubernetesServer,
  { domain }: Universe,
  env: Record<string, string>,
  binary: string,
  name: string,
) {
  for (const region of regions) await putService(kubernetes, `${name}.${domain}`, name, region)
  const args = [
    ...['--once', '--provider=aws', '--source=service', '--service-type-filter=LoadBalancer'],
    ...['--registry=txt', '--txt-owner-id=bench', '--policy=upsert-only', '--aws-prefer-cname'],
    ...['--aws-zone-type=public', `--domain-filter=${domain}`, '--log-level=warning'],
  ]
  const child = spawn(binary, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${binary} ended with ${code}`)
}

async function putService(
  server: KubernetesServer,
  host: string,
  name: string,
  region: string,
): Promise<void> {
  const path = '/api/v1/namespaces/default/services'
  const key = 'external-dns.alpha.kubernetes.io'
  const metadata = {
    name: `${name}-${region}`,
    annotations: {
      [`${key}/hostname`]: host,
      [`${key}/aws-region`]: region,
      [`${key}/set-identifier`]: region,
    },
  }
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
  }
  await send(server, 'POST', path, service)
  const status = { loadBalancer: { ingress: [{ hostname: targetOf(name, region) }] } }
  await send(server, 'PATCH', `${path}/${metadata.name}/status`, { status })
}

async function send(
  { url, ca }: KubernetesServer,
  method: string,
  path: string,
  body: object,
): Promise<void> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
  const headers = { authorization: `Bearer ${token}`, 'content-type': type }
  const asked = request(new URL(path, url), { method, ca, headers, agent: false })
  asked.end(JSON.stringify(body))
  const [answer] = await once(asked, 'response')
  answer.resume()
  await once(answer, 'end')
  if (answer.statusCode >= 300) throw new Error(`${method} ${path} was answered ${answer.statusCode}`)
}

if (import.meta.main) await benchExternalDns(process.argv[2] ?? 'external-dns')
