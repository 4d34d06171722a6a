import type { DeserializeHandler, MetadataBearer, MiddlewareStack } from '@smithy/types'

/** Something between this machine and AWS has answered in its place: a proxy's page, a portal, an empty body. */
export class ForeignAnswerError extends Error {
  override readonly name = 'ForeignAnswerError'
}

type Headers = Readonly<Record<string, string | undefined>>

/**
 * Every answer of AWS bears the id of its request. One that does not proves nothing: neither that a thing is there nor
 * that it is not. What says that it is overloaded or out of order may be anybody's, and is repeated anyhow.
 */
export function checkOwnAnswer(status: number, headers: Headers, doing: string): void {
  const own = ['x-amz-request-id', 'x-amzn-requestid', 'x-amz-id-2', 'x-amzn-request-id']
  if (status >= 500 || own.some(name => headers[name])) return
  const server = headers.server ? `, by ${headers.server.slice(0, 60)}` : ''
  throw new ForeignAnswerError(`${doing} was answered ${status} by something that is not AWS${server}`)
}

/** Makes each answer to a client's requests be looked at before it is read. */
export function requireOwnAnswers<
  Input extends object,
  Output extends MetadataBearer,
  Client extends { middlewareStack: MiddlewareStack<Input, Output> },
>(service: string, client: Client): Client {
  client.middlewareStack.add(
    (next: DeserializeHandler<Input, Output>, context) => async args => {
      const result = await next(args)
      const { statusCode, headers } = result.response as { statusCode: number; headers: Headers }
      const operation = (context.commandName ?? '').replace(/Command$/, '')
      checkOwnAnswer(statusCode, headers, `${service} ${operation}`)
      return result
    },
    { step: 'deserialize', name: 'requireOwnAnswers', priority: 'low' },
  )
  return client
}
