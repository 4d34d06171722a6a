import type { XmlInput } from './xml.ts'

/** A refusal of an AWS service; the protocol of the service decides how it is written on the wire. */
export class AwsError extends Error {
  readonly status: number
  readonly code: string
  readonly details: Record<string, XmlInput>
  readonly headers: Record<string, string>

  constructor(
    status: number,
    code: string,
    message: string,
    more: { details?: Record<string, XmlInput>; headers?: Record<string, string> } = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.details = more.details ?? {}
    this.headers = more.headers ?? {}
  }
}
