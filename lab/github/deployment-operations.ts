import { GithubError, invalid, notFound } from './github-error.ts'
import type { Deployment, DeploymentState, DeploymentStatus } from './model.ts'
import type { Operations, Served } from './operation.ts'
import { renderDeployment, renderEnvironment, renderStatus } from './render.ts'

const longestDescription = 140

export const deploymentOperations: Operations = {
  'repos/list-deployments': ({ holdings, query, url }) => {
    const wanted = (key: 'sha' | 'ref' | 'task' | 'environment', value: string) =>
      query[key] === undefined || query[key] === 'none' || query[key] === value
    return holdings.deployments
      .filter(
        each =>
          wanted('sha', each.sha) &&
          wanted('ref', each.ref) &&
          wanted('task', each.task) &&
          wanted('environment', each.environment),
      )
      .toReversed()
      .map(each => renderDeployment(url, holdings, each))
  },
  'repos/create-deployment': createDeployment,
  'repos/list-deployment-statuses': served => {
    const deployment = findDeployment(served)
    return deployment.statuses
      .toReversed()
      .map(each => renderStatus(served.url, served.holdings, deployment, each))
  },
  'repos/create-deployment-status': createStatus,
  'repos/get-all-environments': ({ holdings, url }) =>
    holdings.environments.map(each => renderEnvironment(url, holdings, each)),
  'repos/delete-an-environment': ({ holdings, params }) => {
    const name = params.environment_name?.toLowerCase()
    const found = holdings.environments.find(each => each.name.toLowerCase() === name)
    if (!found) throw notFound()
    holdings.environments = holdings.environments.filter(each => each !== found)
    return undefined
  },
}

function createDeployment(served: Served): object {
  const { holdings, body, nextId, now } = served
  const ref = String(body.ref)
  const sha = resolve(served, ref)
  if (sha === undefined) throw new GithubError(422, `No ref found for: ${ref}`)
  // The base has always moved on, and the run that asks is itself a check that has not ended.
  if (body.auto_merge !== false) throw new GithubError(409, `Conflict merging main into ${ref}`)
  if (body.required_contexts === undefined)
    throw new GithubError(409, `Conflict: Commit status checks failed for ${ref}.`)
  checkDescription('Deployment', body.description)
  const environment = String(body.environment ?? 'production')
  const deployment: Deployment = {
    ...{ id: nextId(), sha, ref, environment, author: served.author, createdAt: now(), statuses: [] },
    task: String(body.task ?? 'deploy'),
    description: String(body.description ?? ''),
    payload: body.payload ?? {},
    transient: body.transient_environment === true,
    production: body.production_environment === true || environment === 'production',
  }
  holdings.deployments.push(deployment)
  const isKnown = holdings.environments.some(({ name }) => name.toLowerCase() === environment.toLowerCase())
  if (!isKnown) holdings.environments.push({ id: nextId(), name: environment, createdAt: now() })
  return renderDeployment(served.url, holdings, deployment)
}

function resolve({ holdings }: Served, ref: string): string | undefined {
  const branch = holdings.branches.get(ref.replace(/^refs\/heads\//, ''))
  const isCommit =
    holdings.pulls.some(({ head }) => head === ref) || holdings.activity.some(({ after }) => after === ref)
  return branch ?? (isCommit ? ref : undefined)
}

function createStatus(served: Served): object {
  const { body, holdings, nextId, now } = served
  const deployment = findDeployment(served)
  checkDescription('DeploymentStatus', body.description)
  const environmentUrl = readUrl('environment_url', body.environment_url)
  const status: DeploymentStatus = {
    ...{ id: nextId(), environmentUrl, author: served.author, createdAt: now() },
    state: body.state as DeploymentState,
    description: String(body.description ?? ''),
    environment: String(body.environment ?? deployment.environment),
    logUrl: readUrl('log_url', body.log_url ?? body.target_url),
  }
  deployment.statuses.push(status)
  if (status.state === 'success' && body.auto_inactive !== false) retire(served, deployment)
  return renderStatus(served.url, holdings, deployment, status)
}

/** A success ends earlier deployments of the environment, but neither those to production nor to what is transient. */
function retire({ holdings, nextId, now, author }: Served, newest: Deployment): void {
  for (const each of holdings.deployments) {
    const isEarlier = each.environment === newest.environment && each.id < newest.id
    if (!isEarlier || each.transient || each.production) continue
    const { environment } = each
    const blank = { description: '', environmentUrl: '', logUrl: '' }
    each.statuses.push({ id: nextId(), state: 'inactive', environment, author, createdAt: now(), ...blank })
  }
}

function findDeployment({ holdings, params }: Served): Deployment {
  const found = holdings.deployments.find(({ id }) => id === Number(params.deployment_id))
  if (!found) throw notFound()
  return found
}

function checkDescription(resource: string, description: unknown): void {
  if (String(description ?? '').length > longestDescription)
    throw invalid(
      resource,
      'description',
      `description is too long (maximum is ${longestDescription} characters)`,
    )
}

function readUrl(field: string, given: unknown): string {
  const url = String(given ?? '')
  if (url !== '' && !/^https?:\/\/[^\s/]/.test(url))
    throw invalid('DeploymentStatus', field, `${field} must use http(s) scheme`)
  return url
}
