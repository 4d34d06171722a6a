/**
 * Records what kops asks of AWS: runs the real kops against moto through a proxy that notes each request, and writes
 * `lab/aws/testing/kops-actions.json`. Needs kops 1.36.2 on PATH and a Python with moto[server]:
 *
 *     node scripts/record-kops-actions.ts ~/moto/bin/python
 */
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { findOperation, permissionsOfRequest } from '@meridian/lab-aws'
import { type AwsRequest, readScope } from '@meridian/lab-aws-protocol'

const root = join(import.meta.dirname, '..')
const target = join(root, 'lab/aws/testing/kops-actions.json')
const name = 'usa.k8s.example.com'
const store = `--state=s3://${name}-state`
const image = 'ami-03cf127a'
const create = [
  ...['create', 'cluster', `--name=${name}`, '--cloud=aws', '--zones=us-east-1a', store, '--channel=none'],
  ...['--node-count=1', '--control-plane-count=1', '--node-size=t3.medium', '--control-plane-size=t3.medium'],
  ...['--kubernetes-version=1.36.1', '--dns=none', `--image=${image}`, '--cloud-labels=team=blue', '--yes'],
  '--set=spec.iam.permissionsBoundary=arn:aws:iam::123456789012:policy/bounds',
]
const update = ['update', 'cluster', name, store, '--yes']
const roll = [
  'rolling-update',
  'cluster',
  name,
  store,
  '--cloudonly',
  '--interactive=false',
  '--force',
  '--yes',
]
const remove = ['delete', 'cluster', name, store, '--yes', '--wait=1m', '--interval=1s']

/** In the order in which they are run; `undefined` prepares the next. */
const phases: readonly (readonly [phase: string | undefined, args: readonly string[]])[] = [
  ['create', create],
  ['update', [...update, '--admin=4h']],
  ['get', ['get', 'clusters', store, '--output=json']],
  ['validate', ['validate', 'cluster', name, store, '--output=json']],
  ['export', ['export', 'kubeconfig', name, store, '--admin=4h', '--kubeconfig=KUBECONFIG']],
  [
    undefined,
    [
      'edit',
      'ig',
      'nodes-us-east-1a',
      `--name=${name}`,
      store,
      '--set=spec.minSize=2',
      '--set=spec.maxSize=2',
    ],
  ],
  ['resize', update],
  [undefined, ['edit', 'ig', 'nodes-us-east-1a', `--name=${name}`, store, '--set=spec.machineType=t3.large']],
  ['other machines', update],
  ['rolling-update', [...roll, '--node-interval=1s', '--control-plane-interval=1s']],
  ['delete', remove],
  ['create with a key', [...create, '--ssh-public-key=KEY']],
  ['delete with a key', remove],
  ['create private', [...create, '--topology=private']],
  ['delete private', remove],
]

let seen = new Set<string>()
/** What kops allows the machines, by the first word of the role. */
const machines: Record<string, string[]> = {}

/** Passes everything on to moto, and notes what was asked. */
function openProxy(port: number): Server {
  return createServer(async (incoming, response) => {
    const body = await buffer(incoming)
    const { url = '/', headers, method } = incoming
    const passed = request({ host: '127.0.0.1', port, method, path: url, headers }, async answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      response.end(await buffer(answer))
    })
    passed.end(body)
    const query = new URL(url, 'http://moto').searchParams
    const scope = readScope(headers.authorization, query)
    const asked = { ...scope, account: '', host: '', method: method ?? 'GET', path: url.split('?')[0] ?? '/' }
    for (const action of actionsOf({ ...asked, query, headers, body })) seen.add(action)
  })
}

function actionsOf(asked: AwsRequest): string[] {
  const service = asked.service ?? 'sts'
  // The lab's S3 has no operation for it.
  if (service === 's3' && asked.query.has('acl')) return ['s3:GetObjectAcl']
  if (service === 's3') return permissionsOfRequest('s3', findOperation(asked), asked)
  const target = asked.headers['x-amz-target']
  const action = target
    ? String(target).split('.')[1]
    : new URLSearchParams(asked.body.toString()).get('Action')
  if (service === 'route53') return [`route53:${asked.method} ${asked.path}`]
  if (action === 'PutRolePolicy') noteRolePolicy(new URLSearchParams(asked.body.toString()))
  return service === 'sts' || !action ? [] : [`${service}:${action}`]
}

function noteRolePolicy(form: URLSearchParams): void {
  const role = form.get('RoleName')?.split('.')[0] ?? ''
  const { Statement } = JSON.parse(form.get('PolicyDocument') ?? '{}') as {
    Statement: { Action: string | string[] }[]
  }
  const all = [...(machines[role] ?? []), ...Statement.flatMap(({ Action }) => Action)]
  machines[role] = [...new Set(all)].sort()
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise(resolve => {
    execFile('kops', args, { env, timeout: 180_000 }, (error, _, stderr) => {
      resolve(error === null ? 'succeeded' : `failed: ${/Error: .*/.exec(stderr)?.[0] ?? error.message}`)
    })
  })
}

const home = await mkdtemp(join(tmpdir(), 'record-kops-'))
const key = join(home, 'key.pub')
await writeFile(key, `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)} lab\n`)
const free = createServer()
const motoPort = await listen(free)
await new Promise(resolve => free.close(resolve))
const script = join(root, 'actions/teardown/test/corrected-moto.py')
const moto = spawn(process.argv[2] ?? 'python3', [script, '-H', '127.0.0.1', '-p', `${motoPort}`], {
  stdio: 'ignore',
})
const proxy = openProxy(motoPort)
const url = `http://127.0.0.1:${await listen(proxy)}`
// Any hash will do: nobody downloads what it is of.
const hashes = createServer((_, response) => response.end(`${'a'.repeat(64)}\n`))
const env = {
  PATH: process.env.PATH,
  HOME: home,
  KUBECONFIG: join(home, 'config'),
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: 'AKIALABLABLABLABLAB1',
  AWS_SECRET_ACCESS_KEY: 'of-a-lab',
  AWS_REGION: 'us-east-1',
  S3_ENDPOINT: url,
  S3_ACCESS_KEY_ID: 'AKIALABLABLABLABLAB1',
  S3_SECRET_ACCESS_KEY: 'of-a-lab',
  S3_REGION: 'us-east-1',
  KOPS_BASE_URL: `http://127.0.0.1:${await listen(hashes)}/binaries/kops/1.36.2/`,
  KOPS_FEATURE_FLAGS: '-ImageDigest',
}
const isUp = () =>
  fetch(`http://127.0.0.1:${motoPort}/moto-api/`).then(
    ({ ok }) => ok,
    () => false,
  )
while (!(await isUp())) await new Promise(resolve => setTimeout(resolve, 100))
await fetch(`http://127.0.0.1:${motoPort}/${name}-state`, { method: 'PUT' })
const recorded: Record<string, string[]> = {}
for (const [phase, args] of phases) {
  seen = new Set()
  const filled = args.map(arg =>
    arg.replace('=KEY', `=${key}`).replace('=KUBECONFIG', `=${join(home, 'own')}`),
  )
  console.log(`${phase ?? args.slice(0, 2).join(' ')}: ${await run(filled, env)}`)
  if (phase !== undefined) recorded[phase] = [...seen].sort()
}
const document = JSON.parse(await readFile(target, 'utf8')) as object
await writeFile(target, `${JSON.stringify({ ...document, seen: recorded, machines }, null, 2)}\n`)
moto.kill()
proxy.close()
proxy.closeAllConnections()
hashes.close()
hashes.closeAllConnections()
await rm(home, { recursive: true, force: true })
