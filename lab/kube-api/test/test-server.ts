import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request as send } from 'node:https'
import { gunzipSync } from 'node:zlib'
import type { LoggedRequest } from '@meridian/lab-world'
import type { Fields } from '@meridian/lab-world/json'
import type { ApiServer, ApiServerOptions } from '../api-server.ts'
import {
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
  type KeyPair,
} from '../certificates.ts'
import { coreKinds } from '../kinds/index.ts'
import { startApiServer } from '../start-api-server.ts'

export type Answer = {
  status: number
  body: Fields
  text: string
  headers: IncomingHttpHeaders
  /** What `Warning` headers say, without the quotes. */
  warnings: string[]
}
export type TestServer = {
  server: ApiServer
  authority: KeyPair
  requests: LoggedRequest[]
  /** As an administrator, or with the given credentials. */
  call: Caller
  kubeconfig(identity: { user: string; groups?: string[] }): Promise<string>
}
type CallOptions = {
  body?: unknown
  type?: string
  headers?: Record<string, string>
  as?: KeyPair | 'nobody'
  /** The answer is a stream of JSON lines: read as text until it ends. */
  lines?: boolean
}

const applyType = 'application/apply-patch+yaml'
export const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: applyType,
}

export type Caller = (method: string, path: string, options?: CallOptions) => Promise<Answer>

/** Sends JSON to an API server, as an administrator unless told otherwise. */
export function caller(server: { port: number; authority: string; admin: KeyPair }): Caller {
  return (method, path, { body, type = 'application/json', headers = {}, as = server.admin, lines } = {}) => {
    const credentials = as === 'nobody' ? {} : { key: as.key, cert: as.certificate }
    const text = body === undefined ? undefined : JSON.stringify(body)
    // Node frames the body of a DELETE only if told its length.
    const framing =
      text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) }
    const address = {
      host: '127.0.0.1',
      port: server.port,
      path,
      method,
      ca: server.authority,
      agent: false as const,
    }
    return new Promise((resolve, reject) => {
      send({ ...address, ...credentials, headers: { ...framing, ...headers } }, response => {
        readAnswer(response, lines).then(resolve, reject)
      })
        .on('error', reject)
        .end(text)
    })
  }
}

async function readAnswer(response: IncomingMessage, lines = false): Promise<Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const content = Buffer.concat(chunks)
  const isPacked = response.headers['content-encoding'] === 'gzip'
  const text = (isPacked ? gunzipSync(content) : content).toString('utf8')
  const status = response.statusCode ?? 0
  const json = response.headers['content-type']?.includes('json') && !(lines && status === 200)
  const { headers } = response
  return { status, text, body: json ? JSON.parse(text) : {}, headers, warnings: warningsOf(response) }
}

function warningsOf({ headersDistinct }: IncomingMessage): string[] {
  return (headersDistinct.warning ?? []).map(warning =>
    warning.replace(/^299 - "(.*)"$/, '$1').replaceAll(/\\(.)/g, '$1'),
  )
}

export async function startTestServer(options: Partial<ApiServerOptions> = {}): Promise<TestServer> {
  const authority = await createAuthority('kubernetes-ca')
  const own = await issueServerCertificate(authority, ['127.0.0.1', 'localhost'])
  const admin = await issueClientCertificate(authority, { user: 'admin', groups: ['system:masters'] })
  const requests: LoggedRequest[] = []
  const server = await startApiServer({
    world: { requests: { record: request => void requests.push(request) } },
    name: 'usa.k8s.example.com',
    kinds: coreKinds,
    tls: { key: own.key, cert: own.certificate },
    clientAuthority: authority.certificate,
    userAgentService: 'kubernetes',
    version: 'v1.35.7',
    ...options,
  })

  const call = caller({ port: server.port, authority: authority.certificate, admin })

  async function kubeconfig(identity: { user: string; groups?: string[] }): Promise<string> {
    const client = await issueClientCertificate(authority, identity)
    const encode = (text: string) => Buffer.from(text).toString('base64')
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'usa',
      clusters: [
        {
          name: 'usa',
          cluster: {
            server: `https://127.0.0.1:${server.port}`,
            'certificate-authority-data': encode(authority.certificate),
          },
        },
      ],
      users: [
        {
          name: 'usa',
          user: {
            'client-certificate-data': encode(client.certificate),
            'client-key-data': encode(client.key),
          },
        },
      ],
      contexts: [{ name: 'usa', context: { cluster: 'usa', user: 'usa' } }],
    })
  }

  return { server, authority, requests, call, kubeconfig }
}

export const web = (replicas = 2) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] },
    },
  },
})

export const configMap = (
  name: string,
  data: Record<string, string> = {},
  labels: Record<string, string> = {},
) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', labels },
  data,
})
