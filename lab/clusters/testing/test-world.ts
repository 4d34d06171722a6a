import { type RequestOptions, request as sendRequest } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { type Aws, createAws } from '@meridian/lab-aws'
import { apiVersionOf, coreKinds, type Kind, type KubeObject } from '@meridian/lab-kube-api'
import { createAuthority, issueClientCertificate, type KeyPair } from '@meridian/lab-kube-api/certificates'
import { type ClusterSpec, createWorld, until, type World } from '@meridian/lab-world'
import { createClusterHost, type KubeHost } from '../host.ts'

export type Answer = { status: number; body: KubeObject & { items?: KubeObject[]; message?: string } }
/** `type` is the content type of a body, or what is accepted where there is none. */
export type Client = (method: string, path: string, body?: unknown, type?: string) => Promise<Answer>
export type TestWorld = { world: World; host: KubeHost; close(): Promise<void> }

const zones: Record<string, string> = { usa: 'us-east-1', eur: 'eu-west-1', jpn: 'ap-northeast-1' }

/** A fast world with the hosts of clusters that `createHost` gives. */
export function startTestWorld(
  scale = 10_000,
  createHost: (world: World, aws: Aws) => KubeHost = createClusterHost,
): TestWorld {
  const world = createWorld({ seed: 7, scale })
  const host = createHost(world, createAws(world))
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
  return until({ scale: 1, sleep: seconds => pause(1000 * seconds) }, look)
}

/** What kops would start a cluster of this alias with. */
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
  { servername = host, kinds = coreKinds }: { servername?: string; kinds?: readonly Kind[] } = {},
): Promise<Client> {
  const { certificate, key } = await issueClientCertificate(authority, {
    user: 'admin',
    groups: ['system:masters'],
  })
  return (method, path, body, type = 'application/json') => {
    const localPort = world.network.resolve(host, port)
    if (localPort === undefined) throw new Error(`no such host ${host}`)
    const text =
      body === undefined
        ? undefined
        : JSON.stringify(method === 'POST' ? identified(kinds, path, body) : body)
    const tls = { cert: certificate, key, ca: authority.certificate, servername, agent: false as const }
    const headers = text === undefined ? { accept: type } : { 'content-type': type }
    return send({ host: '127.0.0.1', port: localPort, method, path, headers, ...tls }, text)
  }
}

/** The body with the kind that its path stands for, unless it has one: tests need not say it twice. */
function identified(kinds: readonly Kind[], path: string, body: unknown): unknown {
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
