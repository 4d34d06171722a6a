import { foreignAnswer } from '../client/errors.ts'
import type { Kube, RequestOptions } from '../client/kube.ts'

type Asked = Pick<Kube, 'server' | 'request'>
type How = Pick<RequestOptions, 'timeout'>
type TokenStatus = { authenticated?: boolean; user?: { username?: string } }
type Rules = {
  resourceRules?: { verbs?: string[]; apiGroups?: string[]; resources?: string[]; resourceNames?: string[] }[]
  nonResourceRules?: { verbs?: string[]; nonResourceURLs?: string[] }[]
}

/** The name of the user for whom a server takes a token; undefined if it does not accept it. */
export async function reviewToken(kube: Asked, token: string, how?: How): Promise<string | undefined> {
  const status = await review<TokenStatus>(kube, 'authentication.k8s.io', 'TokenReview', { token }, how)
  return status.authenticated === true ? status.user?.username : undefined
}

/** In which nobody has bindings, so that what is allowed there is allowed everywhere. It need not be there. */
const nowhere = 'meridian-nowhere'

/** Whether whoever asks may do everything with all resources, and read all other pages, as a rule of each sort says. */
export async function mayDoEverything(kube: Asked, how?: How): Promise<boolean> {
  const spec = { namespace: nowhere }
  const rules = await review<Rules>(kube, 'authorization.k8s.io', 'SelfSubjectRulesReview', spec, how)
  return allowsEverything(rules)
}

/** Pure. */
export function allowsEverything({ resourceRules = [], nonResourceRules = [] }: Rules): boolean {
  const isAny = (values: readonly string[] = []) => values.includes('*')
  const resources = resourceRules.some(
    rule =>
      isAny(rule.verbs) && isAny(rule.apiGroups) && isAny(rule.resources) && !rule.resourceNames?.length,
  )
  const reads = (verbs: readonly string[] = []) => isAny(verbs) || verbs.includes('get')
  return resources && nonResourceRules.some(rule => reads(rule.verbs) && isAny(rule.nonResourceURLs))
}

/** What is asked so is answered, and never stored, so that it may be asked again. */
async function review<T extends object>(
  { server, request }: Asked,
  group: string,
  kind: string,
  spec: object,
  { timeout }: How = {},
): Promise<T> {
  const apiVersion = `${group}/v1`
  const path = `/apis/${apiVersion}/${kind.toLowerCase()}s`
  const how = { body: { apiVersion, kind, spec }, repeatable: true, ...(timeout && { timeout }) }
  const answer = await request<{ kind?: string; status?: T } | undefined>('POST', path, how)
  if (answer?.kind === kind && typeof answer.status === 'object' && answer.status !== null)
    return answer.status
  throw foreignAnswer(server, `POST ${server}${path}`, 'with what is not asked for')
}
