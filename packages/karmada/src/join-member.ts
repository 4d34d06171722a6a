import {
  connectKube,
  contextParts,
  covers,
  ensureObjects,
  isConflict,
  isUntrusted,
  type Kube,
  type KubeObject,
  refOf,
} from '@meridian/kube'
import { done, type Job, UserError, waitFor, waiting } from '@meridian/runner'
import { type Cluster, listClusters } from './clusters.ts'
import {
  accountName,
  clusterObject,
  credentialObjects,
  memberObjects,
  type Registration,
} from './join-objects.ts'
import { clusterNamespace, clusterType, impersonator } from './names.ts'

/** Where a member is, for the scheduler. */
export type Member = { name: string; region: string; zones: readonly string[]; provider: string }

export type Joined = { name: string; outcome: 'joined' | 'repaired' | 'unchanged' }

type JoinJob = Pick<Job, 'signal' | 'deadline' | 'log' | 'userAgent' | 'exists' | 'mask'>

/**
 * Joins a member, or makes an earlier join be as it should: accounts in the member, their tokens and a Cluster
 * in the control plane. Writes only what differs, so a join that was cut short is finished by the next.
 */
export async function joinMember(
  job: JoinJob,
  federation: Kube,
  kube: Kube,
  member: Member,
): Promise<Joined> {
  const accounts = await ensureObjects(kube, memberObjects(member.name))
  const registration = await readRegistration(job, kube, member)
  const known = checkIdentity(await listClusters(federation), registration)
  const credentials = await ensureObjects(federation, credentialObjects(registration))
  const cluster = await ensureCluster(federation, registration, known)
  job.exists(`membership of ${member.name} in ${federation.context}`)
  const secrets = [member.name, `${member.name}-impersonator`]
  const owned = await Promise.all(secrets.map(name => ensureOwner(federation, name, cluster.object)))
  if (known === undefined) return { name: member.name, outcome: 'joined' }
  const written = [...accounts, ...credentials].some(outcome => outcome !== 'unchanged')
  const repaired = written || cluster.changed || owned.includes(true)
  return { name: member.name, outcome: repaired ? 'repaired' : 'unchanged' }
}

/**
 * Proves that a member's API endpoint verifies by its own name: the control plane has no setting for another
 * name to verify by. Throws a UserError when it does not.
 */
export async function checkMemberEndpoint(job: Pick<Job, 'signal' | 'userAgent'>, kube: Kube): Promise<void> {
  const { cluster } = contextParts(kube.kubeconfig, kube.context)
  const { 'tls-server-name': detour, ...direct } = cluster
  if (detour === undefined) return
  const config = { ...kube.kubeconfig, clusters: [{ name: kube.context, cluster: direct }] }
  try {
    await connectKube(config, { ...job, context: kube.context }).request('GET', '/version')
  } catch (error) {
    if (!isUntrusted(error)) throw error
    throw new UserError(`the certificate of ${kube.server} is not valid for that name, only for ${detour}`, {
      fix: `The control plane must reach ${kube.context} by a name in its API server's certificate. Create the cluster with an API load balancer (as create-cluster does), or add the name to the certificate.`,
      cause: error,
    })
  }
}

type SecretObject = KubeObject & { data?: Record<string, string> }

async function readRegistration(job: JoinJob, kube: Kube, member: Member): Promise<Registration> {
  const [account, impersonation, system] = await Promise.all([
    waitToken(job, kube, accountName(member.name)),
    waitToken(job, kube, impersonator),
    kube.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' }),
  ])
  const id = system?.metadata.uid
  if (id === undefined) throw new Error(`cluster ${member.name} has no namespace kube-system`)
  return {
    ...member,
    id,
    apiEndpoint: kube.server,
    caBundle: account['ca.crt'] ?? '',
    token: account.token ?? '',
    impersonatorToken: impersonation.token ?? '',
  }
}

/** The token of an account's Secret is filled in by a controller of the member. */
async function waitToken(job: JoinJob, kube: Kube, name: string): Promise<Record<string, string>> {
  return waitFor(job, {
    what: `the token of account ${name} in ${kube.context}`,
    fix: `Delete Secret ${clusterNamespace}/${name} in ${kube.context} and run this again.`,
    timeout: 120_000,
    probe: async () => {
      const ref = { apiVersion: 'v1', kind: 'Secret', namespace: clusterNamespace, name }
      const data = (await kube.get<SecretObject>(ref))?.data
      return data?.token && data['ca.crt'] ? done(data) : waiting('not there yet')
    },
  })
}

/** Refuses one cluster under two names: both would manage the same objects. */
function checkIdentity(clusters: readonly Cluster[], member: Registration): Cluster | undefined {
  const twin = clusters.find(({ metadata, spec }) => spec.id === member.id && metadata.name !== member.name)
  if (twin) {
    throw new UserError(`cluster ${member.name} is a member already, under the name ${twin.metadata.name}`, {
      fix: 'Give each cluster one name only: correct clusters, or the context that the name stands for.',
      input: 'clusters',
    })
  }
  return clusters.find(({ metadata }) => metadata.name === member.name)
}

async function ensureCluster(
  federation: Kube,
  member: Registration,
  known: Cluster | undefined,
): Promise<{ object: Cluster; changed: boolean }> {
  const desired = clusterObject(member)
  if (known === undefined) {
    const created = await federation.create<Cluster>(desired).catch(async error => {
      // The answer to an earlier attempt may have been lost.
      const made = isConflict(error) ? await federation.get<Cluster>(refOf(desired)) : undefined
      if (made) return made
      throw error
    })
    return { object: created, changed: true }
  }
  if (covers(known, desired)) return { object: known, changed: false }
  const ref = { ...clusterType, name: member.name }
  const patched = await federation.patch<Cluster>(ref, { spec: desired.spec }, 'merge')
  return { object: patched ?? known, changed: true }
}

/** The credentials go when the Cluster goes. */
async function ensureOwner(federation: Kube, secret: string, cluster: Cluster): Promise<boolean> {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: clusterNamespace, name: secret }
  const found = await federation.get(ref)
  const owner = {
    ...clusterType,
    name: cluster.metadata.name,
    uid: cluster.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  }
  if (covers(found?.metadata.ownerReferences, [owner])) return false
  await federation.patch(ref, { metadata: { ownerReferences: [owner] } }, 'merge')
  return true
}
