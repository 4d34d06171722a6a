import { createWorld } from '@meridian/lab-world'
import { stringify } from 'yaml'
import {
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
  type KeyPair,
} from './certificates.ts'
import { coreKinds } from './kinds/index.ts'
import { startApiServer } from './start-api-server.ts'

/**
 * How a request can fail. `throttle` (429), `busy` and `unavailable` (503), `error` (500), `gone` (410) and `denied` (403) are refusals in
 * Kubernetes' own form; `reset-before` and `hang` are not carried out, `reset-after`, `hang-after` and `truncate` (the answer
 * ends half way) are; `slow` takes ten seconds. A watch loses the first change after it began: to a clean end (`stream-end`),
 * to a 410 in the stream (`stream-expired`), or inside its line (`truncate`).
 */
export type RequestFailure =
  | 'throttle'
  | 'busy'
  | 'unavailable'
  | 'error'
  | 'gone'
  | 'denied'
  | 'reset-before'
  | 'reset-after'
  | 'hang'
  | 'hang-after'
  | 'truncate'
  | 'slow'
  | 'stream-end'
  | 'stream-expired'

export type RequestPlan = {
  failure: RequestFailure
  /** Which of the requests that match, counted from now on; 1 by default. */
  nth?: number
  /** How many in a row, 1 by default. */
  times?: number
  /** Such as `patch deployments.apps` or `get /version`; any by default. */
  operation?: string
}

export type ServedRequest = { operation: string; status?: number; failure?: string }

export type KubernetesServer = {
  /** On 127.0.0.1, over TLS. */
  url: string
  /** PEM of the authority to trust. */
  ca: string
  /** YAML, of an administrator. */
  kubeconfig: string
  /** YAML, of a user with a certificate: he may do what roles grant him and his groups. */
  kubeconfigFor(user: string, groups?: readonly string[]): Promise<string>
  /** Lets a bearer token stand for a user. */
  addToken(token: string, user: string, groups?: readonly string[]): void
  /** Plans the failure of requests; `struck` says how many have failed so. */
  fail(plan: RequestPlan): { struck(): number; forget(): void }
  /** What was asked of kinds and pages that are there, oldest first. */
  requests(): readonly ServedRequest[]
  /** Cuts every connection, watches included; new ones are welcome. */
  cut(): void
  close(): Promise<void>
}

const [name, version] = ['kubernetes', 'v1.35.7']

/** Starts an API server of Kubernetes 1.35 on a free port of loopback, with the objects that every cluster has. */
export async function startKubernetes(): Promise<KubernetesServer> {
  const world = createWorld({ scale: 1 })
  const authority = await createAuthority('kubernetes-ca')
  const { certificate: cert, key } = await issueServerCertificate(authority, ['127.0.0.1', 'localhost'])
  const server = await startApiServer({
    world,
    name,
    version,
    kinds: coreKinds,
    tls: { cert, key },
    clientAuthority: authority.certificate,
    userAgentService: 'kubernetes',
    webhooks: (host, port) => (['127.0.0.1', 'localhost'].includes(host) ? port : undefined),
  })
  const url = `https://127.0.0.1:${server.port}`
  const ca = authority.certificate
  const kubeconfigFor = async (user: string, groups: readonly string[] = []): Promise<string> =>
    writeKubeconfig({ url, ca, user }, await issueClientCertificate(authority, { user, groups }))
  return {
    url,
    ca,
    kubeconfig: await kubeconfigFor('kubernetes-admin', ['system:masters']),
    kubeconfigFor,
    addToken: (token, user, groups = []) => void server.tokens.set(token, { name: user, groups }),
    fail: ({ nth = 1, ...plan }) => world.faults.requests.plan({ nth, ...plan }),
    requests: () =>
      world.requests.all().map(({ operation, status, failure }) => ({
        operation,
        ...(status !== undefined && { status }),
        ...(failure !== undefined && { failure }),
      })),
    cut: server.cut,
    async close() {
      await server.close()
      world.close()
    },
  }
}

function writeKubeconfig(place: { url: string; ca: string; user: string }, credentials: KeyPair): string {
  const encode = (text: string): string => Buffer.from(text).toString('base64')
  const cluster = { server: place.url, 'certificate-authority-data': encode(place.ca) }
  const user = {
    'client-certificate-data': encode(credentials.certificate),
    'client-key-data': encode(credentials.key),
  }
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name: place.user, user }],
    contexts: [{ name, context: { cluster: name, user: place.user } }],
    'current-context': name,
  })
}
