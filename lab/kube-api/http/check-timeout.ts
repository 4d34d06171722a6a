import { goDuration } from '../duration.ts'
import { badRequest } from '../status-error.ts'

const problem = 'invalid timeout specified in the request URL - time:'

/** Refuses a `timeout` that Go cannot read as a duration. How long it is matters to nobody here. */
export function checkTimeout(query: URLSearchParams): void {
  const text = query.get('timeout')
  if (!text || text === '0' || goDuration.test(text)) return
  const [, unit] = /^[-+]?\d+(?:\.\d*)?([^\d.]*)/.exec(text) ?? []
  if (unit === undefined) throw badRequest(`${problem} invalid duration "${text}"`)
  const fault = unit === '' ? 'missing unit' : `unknown unit "${unit}"`
  throw badRequest(`${problem} ${fault} in duration "${text}"`)
}
