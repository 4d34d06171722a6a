const documentation = 'https://docs.github.com/rest'

/** A refusal in GitHub's own form. */
export class GithubError extends Error {
  readonly status: number
  readonly headers: Record<string, string>
  readonly errors: readonly object[] | undefined

  constructor(
    status: number,
    message: string,
    more: { headers?: Record<string, string>; errors?: readonly object[] } = {},
  ) {
    super(message)
    this.status = status
    this.headers = more.headers ?? {}
    this.errors = more.errors
  }

  get body(): object {
    const { message, errors, status } = this
    return { message, ...(errors && { errors }), documentation_url: documentation, status: String(status) }
  }
}

/** 404, also for what the token may not see. */
export const notFound = () => new GithubError(404, 'Not Found')

/** What a value that is no good is answered: by its field, and why. */
export function invalid(resource: string, field: string, message: string): GithubError {
  return new GithubError(422, 'Validation Failed', {
    errors: [{ resource, code: 'custom', field, message }],
  })
}
