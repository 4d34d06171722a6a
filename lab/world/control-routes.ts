import type { IncomingMessage } from 'node:http'

export type ControlRequest = {
  params: Record<string, string>
  query: URLSearchParams
  headers: IncomingMessage['headers']
  /** Of the credentials that have signed it; the main one where nothing is signed. */
  account: string
  body: unknown
}

export type ControlAnswer = { status?: number; body?: unknown }

export type ControlHandler = (request: ControlRequest) => ControlAnswer | Promise<ControlAnswer>

/** Keys such as `DELETE /_world/resources/:id`. */
export type ControlRoutes = Record<string, ControlHandler>
