import { inParallel, messageOf } from '@meridian/runner'
import type { Answer, Question } from './ask-answer.ts'
import { askNameServer, resolveNameServer } from './name-server.ts'
import { describeNameServer, type NameServer } from './parse-name-server.ts'

/** What one name server answered by client subnet, or why it could not be asked. */
export type ServerAnswers = { readonly server: string } & (
  | { readonly answers: ReadonlyMap<string, Answer> }
  | { readonly unreachable: string }
)

const atOnce = 8

/**
 * Asks each name server, all of them at once, what it answers to clients of each subnet. A server that does not
 * answer the first question is not asked another; a later answer that is lost is left out.
 */
export function askNameServers(
  signal: AbortSignal,
  servers: readonly NameServer[],
  question: Question,
  subnets: readonly string[],
): Promise<ServerAnswers[]> {
  return Promise.all(
    servers.map(async given => {
      const server = describeNameServer(given)
      const [first = '', ...others] = subnets
      try {
        const at = await resolveNameServer(given)
        const ask = (subnet: string) => askNameServer(signal, at, question, subnet)
        const answers = new Map([[first, await ask(first)]])
        const askOther = async (subnet: string) => {
          const answer = await ask(subnet).catch(() => undefined)
          if (answer) answers.set(subnet, answer)
        }
        await inParallel(others, askOther, atOnce)
        signal.throwIfAborted()
        return { server, answers }
      } catch (error) {
        signal.throwIfAborted()
        return { server, unreachable: messageOf(error) }
      }
    }),
  )
}
