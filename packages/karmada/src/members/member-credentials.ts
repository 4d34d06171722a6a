import {
  buildKubeconfig,
  connectKube,
  contextParts,
  ensureObjects,
  isUntrusted,
  type Kube,
  KubeError,
  type KubeObject,
  removeOver,
} from '@meridian/kube'
import { done, type Job, UserError, waitFor, waiting } from '@meridian/runner'
import { clusterNamespace, impersonator } from '../names.ts'
import { stillOurs } from '../remove-owned.ts'
import { accountName, memberObjects } from './join-objects.ts'
import type { Credentials, Member } from './member.ts'

type CredentialJob = Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'userAgent' | 'mask'>
type ProofJob = Pick<Job, 'env' | 'signal' | 'userAgent' | 'mask'>
type SecretObject = KubeObject & { data?: Record<string, string> }

const tokenMilliseconds = 120_000

/**
 * The tokens of the accounts in a member, each proven by a request to the member's endpoint as the control plane
 * will send it. A token that the member has disowned (its signing key or its account is another) is replaced once.
 * `objects` are those of the member as they are; a token that they lack is waited for.
 */
export async function readCredentials(
  job: CredentialJob,
  kube: Kube,
  { name, caBundle }: Holder,
  objects: readonly KubeObject[],
): Promise<Credentials> {
  const [account, impersonation] = await Promise.all([
    readProven(job, kube, { name, caBundle }, tokenIn(objects, accountName(name)), accountName(name)),
    readProven(job, kube, { name, caBundle }, tokenIn(objects, impersonator), impersonator),
  ])
  return { caBundle: account.ca, token: account.token, impersonatorToken: impersonation.token }
}

/** A member, and what its endpoint verifies by where that is known better than its accounts tell. */
type Holder = Pick<Member, 'name' | 'caBundle'>

/** The tokens among the objects of a member, likewise proven; undefined where one is missing or disowned. */
export async function proveCredentials(
  job: ProofJob,
  kube: Kube,
  { name, caBundle }: Holder,
  objects: readonly (KubeObject | undefined)[],
): Promise<Credentials | undefined> {
  const account = tokenIn(objects, accountName(name))
  const impersonation = tokenIn(objects, impersonator)
  if (account === undefined || impersonation === undefined) return undefined
  const prove = (token: Token) => isAccepted(job, kube, { ...token, ca: caBundle ?? token.ca })
  const accepted = await Promise.all([account, impersonation].map(prove))
  if (accepted.includes(false)) return undefined
  return { caBundle: caBundle ?? account.ca, token: account.token, impersonatorToken: impersonation.token }
}

type Token = { ca: string; token: string; secret: SecretObject }

async function readToken(kube: Pick<Kube, 'get'>, name: string): Promise<Token | undefined> {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: clusterNamespace, name }
  return tokenOf(await kube.get(ref))
}

function tokenIn(objects: readonly (KubeObject | undefined)[], account: string): Token | undefined {
  return tokenOf(objects.find(object => object?.kind === 'Secret' && object.metadata.name === account))
}

function tokenOf(secret: SecretObject | undefined): Token | undefined {
  const { token, 'ca.crt': ca } = secret?.data ?? {}
  return secret && token && ca ? { token, ca, secret } : undefined
}

async function readProven(
  job: CredentialJob,
  kube: Kube,
  { name, caBundle }: Holder,
  seen: Token | undefined,
  account: string,
): Promise<Token> {
  const read = async (known?: Token) => {
    const found = known ?? (await waitToken(job, kube, account))
    return { ...found, ca: caBundle ?? found.ca }
  }
  const found = await read(seen)
  if (await isAccepted(job, kube, found)) return found
  job.log.info(`${name}: the token of account ${account} is no longer valid and is replaced`)
  await removeOver(kube, found.secret, stillOurs(found.secret))
  await ensureObjects(kube, memberObjects(name))
  const renewed = await read()
  if (await isAccepted(job, kube, renewed)) return renewed
  throw new UserError(`${name} does not accept the token that it has issued for account ${account}`, {
    fix: `Delete ServiceAccount ${clusterNamespace}/${account} in ${kube.context} and run this again.`,
  })
}

/** The token of an account's Secret is filled in by a controller of the member. */
async function waitToken(job: CredentialJob, kube: Kube, name: string): Promise<Token> {
  return waitFor(job, {
    what: `the token of account ${name} in ${kube.context}`,
    fix: `Delete Secret ${clusterNamespace}/${name} in ${kube.context} and run this again.`,
    timeout: tokenMilliseconds,
    probe: async () => {
      const found = await readToken(kube, name)
      return found ? done(found) : waiting('not there yet')
    },
  })
}

async function isAccepted(job: ProofJob, kube: Kube, given: Omit<Token, 'secret'>): Promise<boolean> {
  const token = Buffer.from(given.token, 'base64').toString()
  job.mask(token)
  const config = buildKubeconfig({
    context: kube.context,
    server: kube.server,
    ca: Buffer.from(given.ca, 'base64').toString(),
    token,
    proxyUrl: contextParts(kube.kubeconfig, kube.context).cluster['proxy-url'],
  })
  try {
    await connectKube(config, { ...job, context: kube.context }).request('GET', '/version')
    return true
  } catch (error) {
    if (error instanceof KubeError && error.status === 401) return false
    throw isUntrusted(error) ? untrusted(kube, error) : error
  }
}

/**
 * The version of a member's Kubernetes (`v1.35.7`), asked for by the API endpoint's own name: the control plane has no
 * setting for another name to verify by. Throws a UserError when it does not verify by that.
 */
export async function readMemberVersion(
  job: Pick<Job, 'env' | 'signal' | 'userAgent'>,
  kube: Kube,
): Promise<string> {
  const { cluster } = contextParts(kube.kubeconfig, kube.context)
  const { 'tls-server-name': detour, ...direct } = cluster
  const config = { ...kube.kubeconfig, clusters: [{ name: kube.context, cluster: direct }] }
  const endpoint = detour === undefined ? kube : connectKube(config, { ...job, context: kube.context })
  try {
    const { gitVersion = 'unknown' } = await endpoint.request<{ gitVersion?: string }>('GET', '/version')
    return gitVersion
  } catch (error) {
    if (detour === undefined) throw error
    throw isUntrusted(error) ? untrusted(kube, error, detour) : error
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
