import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { on, once } from 'node:events'
import { connect, isIP, isIPv6 } from 'node:net'
import type { Answer, Question } from './ask-answer.ts'
import { decodeReply, encodeQuestion, type Reply } from './dns-message.ts'
import type { NameServer } from './parse-name-server.ts'

const tries = 2
const tryMilliseconds = 1_500

/** The server with its address in place of its name, preferring IPv4: runners of GitHub have no IPv6. */
export async function resolveNameServer({ host, port }: NameServer): Promise<NameServer> {
  return { host: isIP(host) ? host : (await lookup(host, { order: 'ipv4first' })).address, port }
}

/**
 * Asks one name server (its host an address) what it answers to a client of `subnet`: over UDP, and over TCP what
 * does not fit. Rejects if no answer comes.
 */
export async function askNameServer(
  signal: AbortSignal,
  server: NameServer,
  question: Question,
  subnet: string,
): Promise<Answer> {
  for (let count = 1; ; count += 1) {
    const id = randomInt(0x1_0000)
    const query = encodeQuestion(id, question, subnet)
    const read = (message: Buffer) => decodeReply(message, id, question)
    const limit = AbortSignal.any([signal, AbortSignal.timeout(tryMilliseconds)])
    try {
      const reply = await exchangeUdp(limit, server, query, read)
      return reply.truncated ? (await exchangeTcp(limit, server, query, read)).answer : reply.answer
    } catch (error) {
      signal.throwIfAborted()
      if (!limit.aborted) throw error
      if (count === tries)
        throw new Error(`did not answer within ${(tries * tryMilliseconds) / 1000} s`, { cause: error })
    }
  }
}

type Read = (message: Buffer) => Reply | undefined

async function exchangeUdp(
  signal: AbortSignal,
  { host, port }: NameServer,
  query: Buffer,
  read: Read,
): Promise<Reply> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  try {
    // A connected socket hears its server alone, and that nobody listens there.
    socket.connect(port, host)
    await once(socket, 'connect', { signal })
    const messages = on(socket, 'message', { signal })
    socket.send(query)
    for await (const [message] of messages) {
      const reply = read(message)
      if (reply !== undefined) return reply
    }
    throw new Error('the socket was closed')
  } finally {
    socket.close()
  }
}

async function exchangeTcp(
  signal: AbortSignal,
  { host, port }: NameServer,
  query: Buffer,
  read: Read,
): Promise<Reply> {
  const socket = connect({ host, port, signal })
  const length = Buffer.alloc(2)
  length.writeUInt16BE(query.length)
  socket.write(Buffer.concat([length, query]))
  let received = Buffer.alloc(0)
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk])
    if (received.length < 2 || received.length < 2 + received.readUInt16BE()) continue
    const reply = read(received.subarray(2, 2 + received.readUInt16BE()))
    if (reply !== undefined) return reply
    break
  }
  throw new Error('closed the connection without an answer')
}
