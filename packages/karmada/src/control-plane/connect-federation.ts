import { X509Certificate } from 'node:crypto'
import { buildKubeconfig, connectKube, contextParts, type Kube, type KubeObject } from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import { apiPort, certSecret, lbService, systemNamespace, tlsServerName } from '../names.ts'
import { addressOf, type LoadBalancerService } from './expose-api.ts'

type ConnectJob = Pick<Job, 'env' | 'userAgent' | 'signal' | 'mask'>
type SecretObject = KubeObject & { data?: Record<string, string> }

/**
 * Connects to the federation by what its host cluster holds: the admin certificate in a Secret and the load
 * balancer's name. No file of the job that installed it is needed. `undefined` when either is not there.
 */
export async function findFederation(job: ConnectJob, host: Kube, name: string): Promise<Kube | undefined> {
  const place = { apiVersion: 'v1', namespace: systemNamespace }
  const [secret, service] = await Promise.all([
    host.get<SecretObject>({ ...place, kind: 'Secret', name: certSecret }),
    host.get<LoadBalancerService>({ ...place, kind: 'Service', name: lbService }),
  ])
  const address = addressOf(service)
  const { 'ca.crt': ca, 'karmada.crt': cert, 'karmada.key': key } = secret?.data ?? {}
  if (!address || !ca || !cert || !key) return undefined
  job.mask(key)
  const kubeconfig = buildKubeconfig({
    context: name,
    server: `https://${address}:${apiPort}`,
    ca: fromBase64(ca),
    cert: fromBase64(cert),
    key: fromBase64(key),
    tlsServerName,
    // Whoever needs a proxy to reach the host cluster needs it to reach what runs in it.
    proxyUrl: contextParts(host.kubeconfig, host.context).cluster['proxy-url'],
  })
  return connectKube(kubeconfig, {
    context: name,
    userAgent: job.userAgent,
    signal: job.signal,
    env: job.env,
  })
}

/** When the administrator's certificate ends, by which every action reaches the federation. */
export function certificateEnd(federation: Kube): Date | undefined {
  const { user } = contextParts(federation.kubeconfig, federation.context)
  const data = user['client-certificate-data']
  return data === undefined ? undefined : new Date(new X509Certificate(fromBase64(data)).validTo)
}

/** As `findFederation`, but a federation that is not there is an error. */
export async function connectFederation(job: ConnectJob, host: Kube, name: string): Promise<Kube> {
  const federation = await findFederation(job, host, name)
  if (federation) return federation
  throw new UserError(`cluster ${host.context} is not the host of a federation that can be reached`, {
    fix: 'Run federate for these clusters first, with the same host.',
  })
}

function fromBase64(data: string): string {
  return Buffer.from(data, 'base64').toString('utf8')
}
