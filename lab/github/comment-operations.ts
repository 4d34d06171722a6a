import { GithubError, invalid, notFound } from './github-error.ts'
import type { Comment, Pull } from './model.ts'
import type { Operations, Served } from './operation.ts'
import { renderAccount, renderComment, renderPull } from './render.ts'

/** Characters. */
const longestBody = 65_536

export const commentOperations: Operations = {
  'pulls/get': served => renderPull(served.url, served.holdings, findPull(served)),
  'issues/list-comments': served => {
    const { number } = findPull(served)
    const since = Date.parse(served.query.since ?? '')
    return served.holdings.comments
      .filter(each => each.number === number && !(each.updatedAt < since))
      .map(each => renderComment(served.url, served.holdings, each))
  },
  'issues/create-comment': served => {
    const { number, locked } = findPull(served)
    const body = readBody(served)
    if (locked) throw new GithubError(403, 'Unable to create comment because issue is locked.')
    const at = served.now()
    const comment = { id: served.nextId(), number, author: served.author, body, createdAt: at, updatedAt: at }
    served.holdings.comments.push(comment)
    return renderComment(served.url, served.holdings, comment)
  },
  'issues/update-comment': served => {
    const comment = findComment(served)
    Object.assign(comment, { body: readBody(served), updatedAt: served.now() })
    return renderComment(served.url, served.holdings, comment)
  },
  'issues/delete-comment': served => {
    const comment = findComment(served)
    served.holdings.comments = served.holdings.comments.filter(each => each !== comment)
    return undefined
  },
  'reactions/create-for-issue-comment': served => {
    const { id } = findComment(served)
    const content = String(served.body.content)
    served.holdings.reactions.push({ comment: id, content, author: served.author })
    const at = new Date(served.now()).toISOString()
    return {
      id: served.nextId(),
      node_id: 'RE',
      user: renderAccount(served.url, served.author),
      content,
      created_at: at,
    }
  },
}

function findPull({ holdings, params }: Served): Pull {
  const number = Number(params.pull_number ?? params.issue_number)
  const pull = holdings.pulls.find(each => each.number === number)
  if (!pull) throw notFound()
  return pull
}

function findComment({ holdings, params }: Served): Comment {
  const comment = holdings.comments.find(({ id }) => id === Number(params.comment_id))
  if (!comment) throw notFound()
  return comment
}

function readBody({ body: { body } }: Served): string {
  const text = String(body)
  if (text.trim() === '') throw invalid('IssueComment', 'body', "body can't be blank")
  if (text.length > longestBody)
    throw invalid('IssueComment', 'body', `body is too long (maximum is ${longestBody} characters)`)
  return text
}
