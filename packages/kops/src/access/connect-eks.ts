import { join } from 'node:path'
import {
  type Aws,
  accessCommands,
  describeEks,
  type EksCluster,
  eksToken,
  explainSilence,
  judgeEks,
  keepFile,
} from '@meridian/aws'
import type { ClusterDescriptor } from '@meridian/identity'
import { buildKubeconfig, connectKube, isUnreachable, type Kube, KubeError } from '@meridian/kube'
import { type Job, messageOf, UserError } from '@meridian/runner'

type EksJob = Pick<Job, 'env' | 'signal' | 'log' | 'scratch' | 'mask' | 'userAgent'>

/** A cluster of EKS, and as EKS describes it. */
export type ReachedEks = { readonly kube: Kube; readonly eks: EksCluster }

type ConnectedEks = ReachedEks & { requireRights(): Promise<void> }

/**
 * A token is good for 15 minutes from its date, whose clock may be some minutes off; whoever reads the file may have
 * read it a minute ago (client-go does) and sends what it has.
 */
const renewMilliseconds = 5 * 60_000
/** Of an endpoint that may be out of reach by intent: a packet to a private network is not refused, but lost. */
const knockMilliseconds = 10_000

/** As `connectEks`, of a cluster that is asked whether it lets this run in. */
export async function reachEks(job: EksJob, aws: Aws, cluster: ClusterDescriptor): Promise<ReachedEks> {
  const { kube, eks, requireRights: proveRights } = await connectEks(job, aws, cluster)
  await proveRights()
  return { kube, eks }
}

/**
 * Connects to a cluster of EKS by what EKS says of it now, with a token of the run's credentials, or of the cluster's own
 * role, in a file that is kept fresh while the job runs: for this process, and for whatever it starts. Throws a UserError
 * for a cluster that cannot be used because of its state; `requireRights` does because of its network, or of the rights of the
 * credentials.
 */
export async function connectEks(job: EksJob, aws: Aws, cluster: ClusterDescriptor): Promise<ConnectedEks> {
  const own = aws.as(cluster.role)
  const place = placeOf(cluster)
  const eks = await describeEks(own, place)
  const problem = judgeEks(eks, place)
  if (eks === undefined || problem !== undefined) throw problem
  // Of its own: a run may reach clusters of one alias, and one of them for several environments at a time.
  const tokenFile = join(await job.scratch(), `${cluster.name}-${crypto.randomUUID()}.eks-token`)
  await keepFile(job, tokenFile, {
    what: `token for ${cluster.name}`,
    make: async () => {
      const token = await eksToken(await own.credentials(), place)
      job.mask(token)
      return token
    },
    every: renewMilliseconds,
  })
  const parts = { context: cluster.name, server: eks.endpoint, ca: eks.authority, tokenFile }
  const kube = connectKube(buildKubeconfig(parts), {
    context: cluster.name,
    userAgent: job.userAgent,
    signal: job.signal,
    env: job.env,
  })
  return { kube, eks, requireRights: () => requireRights(kube, eks, own, place) }
}

function placeOf({ name, region, eksName = name }: ClusterDescriptor) {
  return { region, eksName }
}

type Place = ReturnType<typeof placeOf>

/** Asks the cluster whether all may be done in it, which joining a federation, or being its host, needs. Writes nothing. */
async function requireRights(kube: Kube, eks: EksCluster, aws: Aws, place: Place): Promise<void> {
  const hint = explainSilence(eks, place)
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb: '*', group: '*', resource: '*' } },
  }
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  const patience = hint === '' ? {} : { timeout: knockMilliseconds }
  const how = { body: review, repeatable: eks.publicAccess, ...patience }
  const what = `the EKS cluster ${place.eksName} in ${place.region}`
  try {
    const answer = await kube.request<{ status?: { allowed?: boolean } }>('POST', path, how)
    if (answer.status?.allowed === true) return
  } catch (error) {
    if (error instanceof KubeError && error.status === 401) {
      const principal = await aws.principal()
      throw new UserError(`${what} does not know ${principal}`, {
        fix: `It needs an access entry there. Whoever administers the cluster runs: ${quote(accessCommands(principal, place, eks))}. Then, a minute later, run this again.`,
        input: 'clusters',
        cause: error,
      })
    }
    if (!isUnreachable(error) || hint === '') throw error
    throw new UserError(`${what} does not answer: ${messageOf(error)}`, {
      fix: hint,
      input: 'clusters',
      cause: error,
    })
  }
  const principal = await aws.principal()
  throw new UserError(`${what} does not allow everything to ${principal}, which Meridian needs in a member`, {
    fix: `Whoever administers the cluster runs: ${quote(accessCommands(principal, place, eks).slice(-1))}. Then, a minute later, run this again.`,
    input: 'clusters',
  })
}

const quote = (commands: readonly string[]) => commands.map(command => `\`${command}\``).join(' and ')
