import {
  buildKubeconfig,
  connectKube,
  contextParts,
  ensureObjects,
  isUntrusted,
  type Kube,
  KubeError,
  type KubeObject,
  readObjects,
  refOf,
  removeOver,
  reviewToken,
} from '@meridian/kube'
import { done, type Job, UserError, waitFor, waiting } from '@meridian/runner'
import { clusterNamespace, impersonator } from '../names.ts'
import { stillOurs } from '../remove-owned.ts'
import { accountName, memberObjects, systemLabels } from './join-objects.ts'
import type { Credentials, Member } from './member.ts'

type CredentialJob = Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'userAgent' | 'mask'>
export type ProofJob = Pick<Job, 'env' | 'signal' | 'userAgent' | 'mask'>
type SecretObject = KubeObject & { data?: Record<string, string> }
type Objects = readonly (KubeObject | undefined)[]

const tokenMilliseconds = 120_000

/** A member, and what its endpoint verifies by where that is known better than its accounts tell. */
type Holder = Pick<Member, 'name' | 'caBundle'>

/**
 * The tokens of the accounts in a member, proven by a request to the member's endpoint as the control plane will send it: by one
 * of them it is asked for whom it takes the other. A token that the member has disowned (its signing key or its account is
 * another) is replaced once. `objects` are those of the member as they are; tokens that they lack are waited for.
 */
export async function readCredentials(
  job: CredentialJob,
  kube: Kube,
  holder: Holder,
  objects: Objects,
): Promise<Credentials> {
  const { name } = holder
  const replaced = new Set<string>()
  for (let seen = objects; ; ) {
    const tokens = tokensIn(holder, seen) ?? (await waitTokens(job, kube, holder))
    const disowned = await waitVerdict(job, kube, tokens)
    if (disowned === undefined) return credentialsOf(tokens)
    const account = disowned.metadata.name
    if (replaced.has(account)) {
      throw new UserError(`${name} does not accept the token that it has issued for account ${account}`, {
        fix: `Delete ServiceAccount ${clusterNamespace}/${account} in ${kube.context} and run this again.`,
      })
    }
    job.log.info(`${name}: the token of account ${account} is no longer valid and is replaced`)
    await removeOver(kube, disowned, stillOurs(disowned))
    await ensureObjects(kube, memberObjects(name))
    replaced.add(account)
    seen = []
  }
}

/** The tokens among the objects of a member, likewise proven; undefined where one is missing or disowned. */
export async function proveCredentials(
  job: ProofJob,
  kube: Kube,
  holder: Holder,
  objects: Objects,
): Promise<Credentials | undefined> {
  const tokens = tokensIn(holder, objects)
  const isProven = tokens !== undefined && (await findDisowned(job, kube, tokens)) === undefined
  return isProven ? credentialsOf(tokens) : undefined
}

/** Base64, as Secrets hold it. */
type Token = { token: string; secret: SecretObject }
type Tokens = { ca: string; account: Token; impersonation: Token }

const credentialsOf = ({ ca, account, impersonation }: Tokens): Credentials => ({
  caBundle: ca,
  token: account.token,
  impersonatorToken: impersonation.token,
})

function tokensIn({ name, caBundle }: Holder, objects: Objects): Tokens | undefined {
  const secretOf = (account: string): SecretObject | undefined =>
    objects.find(object => object?.kind === 'Secret' && object.metadata.name === account)
  const [own, other] = [accountName(name), impersonator].map(secretOf)
  const { token, 'ca.crt': ca = caBundle } = own?.data ?? {}
  const impersonation = other?.data?.token
  if (!own || !other || !token || !impersonation || !ca) return undefined
  return {
    ca: caBundle ?? ca,
    account: { token, secret: own },
    impersonation: { token: impersonation, secret: other },
  }
}

/** The tokens of accounts' Secrets are filled in by a controller of the member. */
async function waitTokens(job: CredentialJob, kube: Kube, holder: Holder): Promise<Tokens> {
  const isToken = ({ kind, metadata }: KubeObject) =>
    kind === 'Secret' && metadata.namespace === clusterNamespace
  const refs = memberObjects(holder.name).filter(isToken).map(refOf)
  const names = refs.map(({ name }) => name).join(' and ')
  return waitFor(job, {
    what: `the tokens of the accounts ${names} in ${kube.context}`,
    fix: `Delete the Secrets ${names} of namespace ${clusterNamespace} in ${kube.context} and run this again.`,
    timeout: tokenMilliseconds,
    probe: async () => {
      const found = tokensIn(holder, await readObjects(kube, refs, systemLabels, { few: 1 }))
      return found ? done(found) : waiting('not there yet')
    },
  })
}

/** An account whose rights are new may not be known to have them for a moment. */
async function waitVerdict(
  job: CredentialJob,
  kube: Kube,
  tokens: Tokens,
): Promise<SecretObject | undefined> {
  const account = tokens.account.secret.metadata.name
  return waitFor(job, {
    what: `account ${account} to be allowed everything in ${kube.context}`,
    fix: `Look at what refuses ServiceAccount ${clusterNamespace}/${account} its ClusterRole in ${kube.context}.`,
    timeout: tokenMilliseconds,
    probe: async () => {
      try {
        return done(await findDisowned(job, kube, tokens))
      } catch (error) {
        if (error instanceof KubeError && error.status === 403) return waiting(error.message)
        throw error
      }
    },
  })
}

/** The Secret of a token that the member does not accept as its account's. */
async function findDisowned(
  job: ProofJob,
  kube: Kube,
  { ca, account, impersonation }: Tokens,
): Promise<SecretObject | undefined> {
  const member = connectAccount(job, kube, kube, { ca, token: account.token })
  try {
    const user = await reviewToken(member, decode(impersonation.token))
    return user === userOf(impersonator) ? undefined : impersonation.secret
  } catch (error) {
    if (error instanceof KubeError && error.status === 401) return account.secret
    throw isUntrusted(error) ? untrusted(kube, error) : error
  }
}

/** A text as Secrets hold it. */
export const decode = (data: string): string => Buffer.from(data, 'base64').toString()

/** As whom a member knows an account of a join. */
export const userOf = (account: string): string => `system:serviceaccount:${clusterNamespace}:${account}`

/**
 * Connects to a member's endpoint by the token of an account, and what the control plane verifies it by (base64), through the
 * proxy by which another API is reached.
 */
export function connectAccount(
  job: ProofJob,
  other: Pick<Kube, 'context' | 'kubeconfig'>,
  { context, server }: Pick<Kube, 'context' | 'server'>,
  given: { ca: string; token: string },
): Kube {
  const token = decode(given.token)
  job.mask(token)
  const config = buildKubeconfig({
    context,
    server,
    ca: decode(given.ca),
    token,
    proxyUrl: contextParts(other.kubeconfig, other.context).cluster['proxy-url'],
  })
  return connectKube(config, { ...job, context })
}

/** Connects to a member by the API endpoint's own name: the control plane has no setting for another name to verify by. */
export function connectByOwnName(job: Omit<ProofJob, 'mask'>, kube: Kube): Kube {
  const { cluster } = contextParts(kube.kubeconfig, kube.context)
  const { 'tls-server-name': detour, ...direct } = cluster
  if (detour === undefined) return kube
  const config = { ...kube.kubeconfig, clusters: [{ name: kube.context, cluster: direct }] }
  return connectKube(config, { ...job, context: kube.context })
}

/**
 * The version of a member's Kubernetes (`v1.35.7`), asked for by its endpoint's own name. Throws a UserError when it does not
 * verify by that.
 */
export async function readMemberVersion(job: Omit<ProofJob, 'mask'>, kube: Kube): Promise<string> {
  const endpoint = connectByOwnName(job, kube)
  try {
    const { gitVersion = 'unknown' } = await endpoint.request<{ gitVersion?: string }>('GET', '/version')
    return gitVersion
  } catch (error) {
    if (endpoint === kube) throw error
    const { cluster } = contextParts(kube.kubeconfig, kube.context)
    throw isUntrusted(error) ? untrusted(kube, error, cluster['tls-server-name']) : error
  }
}

function untrusted(kube: Kube, cause: Error, detour?: string): UserError {
  const only = detour === undefined ? '' : `, only for ${detour}`
  return new UserError(`the certificate of ${kube.server} is not valid for that name${only}`, {
    fix: `The control plane must reach ${kube.context} by a name in its API server's certificate. Create the cluster with an API load balancer (as create-cluster does), or add the name to the certificate.`,
    input: 'clusters',
    cause,
  })
}
