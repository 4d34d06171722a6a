import {
  type Condition,
  conditionOf,
  isNotFound,
  isUntrusted,
  type Kube,
  type KubeObject,
} from '@meridian/kube'
import { done, type Job, messageOf, UserError, waitFor, waiting } from '@meridian/runner'
import { bindingType, policyVersion, workType } from '../names.ts'

const patienceMilliseconds = 15 * 60_000
const clustersApi = 'v1alpha1.cluster.karmada.io'
const ownTypes = [{ apiVersion: policyVersion, kind: 'PropagationPolicy' }, bindingType, workType]
const webhooks = [
  ['MutatingWebhookConfiguration', 'mutating-config'],
  ['ValidatingWebhookConfiguration', 'validating-config'],
] as const
/** Sent as a dry run, which the webhooks judge as they would the real thing. */
const probePolicy: KubeObject = {
  apiVersion: policyVersion,
  kind: 'PropagationPolicy',
  metadata: { namespace: 'default', name: 'meridian-probe' },
  spec: { resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'meridian-probe' }] },
}

type FederationApi = Pick<Kube, 'server' | 'request' | 'get' | 'isNamespaced' | 'apply'>
type Registration = KubeObject & { webhooks?: unknown[]; status?: { conditions?: Condition[] } }

/**
 * Waits until the federation answers by name, with a certificate that verifies, and has all that makes it one. The
 * tool that fills the API ends at the first failure there, and nothing of the host cluster shows it. With
 * `admission` the webhooks are asked too, which a request that looks like a write can do only.
 */
export async function waitFederationAnswers(
  job: Pick<Job, 'signal' | 'deadline' | 'log'>,
  federation: FederationApi,
  options: { admission?: boolean } = {},
): Promise<void> {
  await waitFor(job, {
    what: `the federation's API at ${federation.server}`,
    fix: 'A load balancer needs some minutes for its name and its health checks: run this again. If api-allowed-cidrs is set, it must include this machine. If a part of the API is missing, remove the control plane by teardown with scope federation, and run this again.',
    timeout: patienceMilliseconds,
    probe: async () => {
      try {
        await federation.request('GET', '/readyz', { timeout: 10_000, repeatable: false })
        const missing = await listMissing(federation)
        if (missing.length > 0) return waiting(missing.join(', '))
        if (options.admission) await federation.apply(probePolicy, { dryRun: true })
        return done(undefined)
      } catch (error) {
        job.signal.throwIfAborted()
        if (isUntrusted(error)) throw untrusted(federation, error)
        return waiting(messageOf(error))
      }
    },
  })
}

function untrusted({ server }: FederationApi, error: Error): UserError {
  return new UserError(`what answers at ${server} has not the certificate of this control plane`, {
    fix: 'Look at Service karmada-apiserver-lb and Secret karmada-cert in namespace karmada-system of the host: they must be of one installation. If its certificates were renewed, restart karmada-apiserver.',
    cause: error,
  })
}

/** What the API of a control plane lacks, each as a phrase. */
async function listMissing(federation: Pick<Kube, 'get' | 'isNamespaced'>): Promise<string[]> {
  const found = await Promise.all([
    findAggregation(federation),
    ...webhooks.map(([kind, name]) => findWebhooks(federation, kind, name)),
    ...ownTypes.map(type =>
      federation.isNamespaced(type).then(
        () => undefined,
        error => {
          if (isNotFound(error)) return `no definition of ${type.kind}`
          throw error
        },
      ),
    ),
  ])
  return found.filter(phrase => phrase !== undefined)
}

/** Clusters are served by another pod behind the API server, which comes up last. */
async function findAggregation(federation: Pick<Kube, 'get'>): Promise<string | undefined> {
  const type = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService' }
  const service = await federation.get<Registration>({ ...type, name: clustersApi })
  if (service === undefined) return `no APIService ${clustersApi}`
  const available = conditionOf(service, 'Available')
  if (available?.status === 'True') return undefined
  return `APIService ${clustersApi} is not available${available?.message ? `: ${available.message}` : ''}`
}

async function findWebhooks(
  federation: Pick<Kube, 'get'>,
  kind: string,
  name: string,
): Promise<string | undefined> {
  const found = await federation.get<Registration>({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    name,
  })
  return found?.webhooks?.length ? undefined : `no ${kind} ${name}`
}
