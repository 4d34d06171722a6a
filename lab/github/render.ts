import type {
  Account,
  Activity,
  Comment,
  Deployment,
  DeploymentStatus,
  Environment,
  Holdings,
  Pull,
} from './model.ts'

/** RFC 3339 in whole seconds, as GitHub tells every time. */
const instant = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')

const nodeId = (kind: string, id: number) => Buffer.from(`${kind}${id}`).toString('base64')

/** The number of GitHub's own app is known; those of others follow from their names. */
function accountOf(login: string): Account {
  const id =
    login === 'github-actions[bot]'
      ? 41_898_282
      : [...login].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) % 1e8
  return { login, id, type: login.endsWith('[bot]') ? 'Bot' : 'User' }
}

/** A user in GitHub's form; `url` is the API's, here and below. */
export function renderAccount(url: string, login: string): object {
  const account = accountOf(login)
  return { ...account, node_id: nodeId('U', account.id), url: `${url}/users/${login}`, site_admin: false }
}

/** A repository, as it stands in pull requests and events. */
export function renderRepository(url: string, { id, name }: Pick<Holdings, 'id' | 'name'>): object {
  const [owner = '', short = ''] = name.split('/')
  return {
    id,
    node_id: nodeId('R', id),
    name: short,
    full_name: name,
    owner: renderAccount(url, owner),
    private: true,
    url: `${url}/repos/${name}`,
    default_branch: 'main',
  }
}

/** A pull request as `GET /repos/…/pulls/N` answers it; the head of a fork has another repository's id. */
export function renderPull(url: string, holdings: Holdings, pull: Pull): Record<string, unknown> {
  const own = `${url}/repos/${holdings.name}`
  const self = `${own}/pulls/${pull.number}`
  const page = `${holdings.server}/${holdings.name}/pull/${pull.number}`
  // A fork has an id of its own.
  const isFork = pull.headRepository !== holdings.name
  const headRepository = isFork ? { id: holdings.id + 1_000, name: pull.headRepository } : holdings
  const counts = { additions: 1, changed_files: 1, comments: 0, commits: 1, deletions: 0, review_comments: 0 }
  return {
    ...counts,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    number: pull.number,
    url: self,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: `${own}/issues/${pull.number}`,
    comments_url: `${own}/issues/${pull.number}/comments`,
    commits_url: `${self}/commits`,
    review_comments_url: `${self}/comments`,
    review_comment_url: `${self}/comments{/number}`,
    statuses_url: `${own}/statuses/${pull.head}`,
    _links: { self: { href: self } },
    title: pull.title,
    body: pull.body,
    user: renderAccount(url, pull.author),
    author_association: isFork ? 'NONE' : 'MEMBER',
    state: pull.state,
    draft: pull.draft,
    locked: pull.locked,
    labels: pull.labels.map((name, at) => ({ id: at + 1, name, default: false })),
    head: {
      ref: pull.branch,
      sha: pull.head,
      label: `${pull.headRepository.split('/')[0]}:${pull.branch}`,
      repo: { ...renderRepository(url, headRepository), fork: isFork },
    },
    base: {
      ref: 'main',
      sha: holdings.branches.get('main'),
      label: `${holdings.name.split('/')[0]}:main`,
      repo: renderRepository(url, holdings),
    },
    merged: pull.merged,
    mergeable: pull.state === 'closed' ? null : pull.mergeable,
    mergeable_state: pull.mergeable === false ? 'dirty' : pull.draft ? 'draft' : 'clean',
    merged_at: pull.merged && pull.closedAt !== null ? instant(pull.closedAt) : null,
    closed_at: pull.closedAt === null ? null : instant(pull.closedAt),
    created_at: instant(pull.createdAt),
    updated_at: instant(pull.updatedAt),
    maintainer_can_modify: isFork,
    ...{ assignee: null, auto_merge: null, merge_commit_sha: null, merged_by: null, milestone: null },
  }
}

/** A comment of an issue or a pull request. */
export function renderComment(
  url: string,
  { name, server }: Holdings,
  comment: Comment,
): Record<string, unknown> {
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url: `${url}/repos/${name}/issues/comments/${comment.id}`,
    html_url: `${server}/${name}/pull/${comment.number}#issuecomment-${comment.id}`,
    issue_url: `${url}/repos/${name}/issues/${comment.number}`,
    user: renderAccount(url, comment.author),
    body: comment.body,
    author_association: 'NONE',
    created_at: instant(comment.createdAt),
    updated_at: instant(comment.updatedAt),
  }
}

/** A deployment, without its statuses. */
export function renderDeployment(
  url: string,
  { name }: Holdings,
  deployment: Deployment,
): Record<string, unknown> {
  const self = `${url}/repos/${name}/deployments/${deployment.id}`
  return {
    id: deployment.id,
    node_id: nodeId('DE', deployment.id),
    url: self,
    statuses_url: `${self}/statuses`,
    repository_url: `${url}/repos/${name}`,
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    environment: deployment.environment,
    original_environment: deployment.environment,
    description: deployment.description,
    creator: renderAccount(url, deployment.author),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    created_at: instant(deployment.createdAt),
    updated_at: instant(deployment.statuses.at(-1)?.createdAt ?? deployment.createdAt),
  }
}

/** One status of a deployment. */
export function renderStatus(
  url: string,
  { name }: Holdings,
  deployment: Pick<Deployment, 'id'>,
  status: DeploymentStatus,
): Record<string, unknown> {
  const parent = `${url}/repos/${name}/deployments/${deployment.id}`
  return {
    id: status.id,
    node_id: nodeId('DES', status.id),
    url: `${parent}/statuses/${status.id}`,
    deployment_url: parent,
    repository_url: `${url}/repos/${name}`,
    state: status.state,
    description: status.description,
    environment: status.environment,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    target_url: status.logUrl,
    creator: renderAccount(url, status.author),
    created_at: instant(status.createdAt),
    updated_at: instant(status.createdAt),
  }
}

/** An environment, as it is made by the first deployment to it. */
export function renderEnvironment(
  url: string,
  { name, server }: Holdings,
  { id, name: own, createdAt }: Environment,
): object {
  return {
    id,
    node_id: nodeId('EN', id),
    name: own,
    url: `${url}/repos/${name}/environments/${encodeURIComponent(own)}`,
    html_url: `${server}/${name}/deployments/activity_log?environments_filter=${encodeURIComponent(own)}`,
    created_at: instant(createdAt),
    updated_at: instant(createdAt),
    protection_rules: [],
  }
}

/** A push, as the activity of a repository lists it. */
export function renderActivity(url: string, activity: Activity): object {
  return {
    id: activity.id,
    node_id: nodeId('PSH', activity.id),
    ref: activity.ref,
    before: activity.before,
    after: activity.after,
    timestamp: instant(activity.at),
    activity_type: activity.type,
    actor: renderAccount(url, activity.actor),
  }
}
