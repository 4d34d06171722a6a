import { type RequestOptions, request as sendRequest } from 'node:https'
import { createAws } from '../../../aws/index.ts'
import { type ClusterSpec, createWorld, type World } from '../../../world/index.ts'
import {
  apiVersionOf,
  coreKinds,
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
  type KeyPair,
  type KubeObject,
} from '../../api/index.ts'
import { createClusterHost, type KubeHost } from '../../index.ts'
import { karmadaKinds } from '../kinds/index.ts'
import { clusterTaintPolicyKind } from '../kinds/taint-policy.ts'

export type Answer = { status: number; body: KubeObject & { items?: KubeObject[]; message?: string } }
/** `type` is the content type of a body, or what is accepted where there is none. */
export type Client = (method: string, path: string, body?: unknown, type?: string) => Promise<Answer>
export type TestWorld = { world: World; host: KubeHost; close(): Promise<void> }

const zones: Record<string, string> = { usa: 'us-east-1', eur: 'eu-west-1', jpn: 'ap-northeast-1' }

export function startTestWorld(scale = 10_000): TestWorld {
  const world = createWorld({ seed: 7, scale })
  const host = createClusterHost(world, createAws(world))
  return {
    world,
    host,
    async close() {
      await host.stopAll()
      world.close()
    },
  }
}

/** Polls until `look` gives something; the test's own timeout is the limit. */
export async function eventually<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

export async function specOf(alias: string): Promise<ClusterSpec> {
  const region = zones[alias] ?? 'us-east-1'
  const name = `${alias}.k8s.example.com`
  return {
    name,
    region,
    controlPlanes: [{ name: `i-0${alias}1111`, zone: `${region}a`, size: 't3.medium' }],
    nodes: [{ name: `i-0${alias}2222`, zone: `${region}a`, size: 't3.medium' }],
    kubernetesVersion: '1.35.7',
    apiHost: `api-${alias}-k8s-example-com-abc.elb.${region}.amazonaws.com`,
    authority: await createAuthority('kubernetes-ca'),
  }
}

export type Member = { spec: ClusterSpec; admin: Client }

/** Starts a cluster and waits until its nodes are ready. */
export async function startMember({ world, host }: TestWorld, alias: string): Promise<Member> {
  const spec = await specOf(alias)
  await host.start(spec)
  await eventually(() => {
    const view = host.view(spec.name)
    return view?.nodes.every(node => node.status === 'True') && view.pending.length === 0 ? true : undefined
  })
  return { spec, admin: await adminOf(world, spec.authority, spec.apiHost, 443) }
}

/** A client with an administrator's certificate, to whatever answers for host and port in the world. */
export async function adminOf(
  world: World,
  authority: KeyPair,
  host: string,
  port: number,
  servername = host,
): Promise<Client> {
  const { certificate, key } = await issueClientCertificate(authority, {
    user: 'admin',
    groups: ['system:masters'],
  })
  return (method, path, body, type = 'application/json') => {
    const localPort = world.network.resolve(host, port)
    if (localPort === undefined) throw new Error(`no such host ${host}`)
    const text =
      body === undefined ? undefined : JSON.stringify(method === 'POST' ? identified(path, body) : body)
    const tls = { cert: certificate, key, ca: authority.certificate, servername, agent: false as const }
    const headers = text === undefined ? { accept: type } : { 'content-type': type }
    return send({ host: '127.0.0.1', port: localPort, method, path, headers, ...tls }, text)
  }
}

const kinds = [...coreKinds, ...karmadaKinds, clusterTaintPolicyKind(() => true)]

/** The body with the kind that its path stands for, unless it has one: tests need not say it twice. */
function identified(path: string, body: unknown): unknown {
  const plural = /([^/?]+)(\?.*)?$/.exec(path)?.[1]
  const kind = kinds.find(each => each.plural === plural && path.includes(apiVersionOf(each)))
  return kind ? { apiVersion: apiVersionOf(kind), kind: kind.kind, ...(body as object) } : body
}

function send(options: RequestOptions, text: string | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = sendRequest(options, response => {
      let content = ''
      response.on('data', (chunk: Buffer) => {
        content += chunk
      })
      response.on('end', () => {
        const json = response.headers['content-type']?.includes('json')
        resolve({ status: response.statusCode ?? 0, body: json ? JSON.parse(content) : content })
      })
    })
    request.on('error', reject)
    request.end(text)
  })
}

const components = [
  'karmada-apiserver',
  'karmada-aggregated-apiserver',
  'karmada-scheduler',
  'kube-controller-manager',
  'karmada-controller-manager',
]

/** Installs a control plane as its installer leaves it, with a load balancer, and gives the federation's admin. */
export async function installKarmada(
  { world }: TestWorld,
  { admin }: Member,
  flags: Readonly<Record<string, readonly string[]>> = {},
): Promise<Client> {
  const authority = await createAuthority('karmada')
  const server = await issueServerCertificate(authority, [
    'kubernetes.default.svc',
    'localhost',
    '127.0.0.1',
    '*.us-east-1.elb.amazonaws.com',
  ])
  const administrator = await issueClientCertificate(authority, {
    user: 'system:admin',
    groups: ['system:masters'],
  })
  const encode = (text: string) => Buffer.from(text).toString('base64')
  const metadata = (name: string) => ({
    name,
    namespace: 'karmada-system',
    labels: { app: name, 'karmada.io/bootstrapping': 'defaults' },
  })
  const inNamespace = '/api/v1/namespaces/karmada-system'
  await admin('POST', '/api/v1/namespaces', { metadata: { name: 'karmada-system' } })
  const data = {
    'ca.crt': encode(authority.certificate),
    'apiserver.crt': encode(server.certificate),
    'apiserver.key': encode(server.key),
    'karmada.crt': encode(administrator.certificate),
    'karmada.key': encode(administrator.key),
  }
  await admin('POST', `${inNamespace}/secrets`, { metadata: metadata('karmada-cert'), data })
  const workload = (name: string) => ({
    metadata: metadata(name),
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name, image: name, command: [name, ...(flags[name] ?? [])] }] },
      },
    },
  })
  const apps = '/apis/apps/v1/namespaces/karmada-system'
  await admin('POST', `${apps}/statefulsets`, {
    ...workload('etcd'),
    spec: { ...workload('etcd').spec, serviceName: 'etcd' },
  })
  const all = new Set([...components, ...Object.keys(flags)])
  for (const name of all) await admin('POST', `${apps}/deployments`, workload(name))
  await admin('POST', `${inNamespace}/services`, {
    metadata: metadata('karmada-apiserver-lb'),
    spec: {
      type: 'LoadBalancer',
      selector: { app: 'karmada-apiserver' },
      ports: [{ port: 5443, targetPort: 5443 }],
    },
  })
  const hostname = await eventually(async () => {
    const { body } = await admin('GET', `${inNamespace}/services/karmada-apiserver-lb`)
    const status = body.status as { loadBalancer?: { ingress?: { hostname: string }[] } } | undefined
    return status?.loadBalancer?.ingress?.[0]?.hostname
  })
  await eventually(() => world.network.resolve(hostname, 5443))
  const fed = await adminOf(world, authority, hostname, 5443, 'kubernetes.default.svc')
  await fed('POST', '/apis/apiregistration.k8s.io/v1/apiservices', {
    metadata: { name: 'v1alpha1.cluster.karmada.io' },
    spec: {
      group: 'cluster.karmada.io',
      version: 'v1alpha1',
      groupPriorityMinimum: 2000,
      versionPriority: 10,
    },
  })
  await fed('POST', '/api/v1/namespaces', { metadata: { name: 'karmada-cluster' } })
  return fed
}
