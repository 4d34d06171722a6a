import { isIP, isIPv4, isIPv6 } from 'node:net'
import { goDuration } from '../duration.ts'

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
const dateTime = /^\d{4}-\d{2}-\d{2}[Tt]([01]\d|2[0-3]):\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/
/** Of these the last may have any ending. */
const unit = /^(ns|us|µs|ms|[smhdw]|hr|wk|(nano|micro|milli|sec|min|hour|day|week).*)$/i
const hostname =
  /^(?=.{1,255}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?$/
const name = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/

function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number)
  return !Number.isNaN(Date.parse(text)) && new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
}

/** Whether a text is an address of either family and a length that the family has: `10.9.8.0/24`. */
export function isCidr(text: string): boolean {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  return isIP(address) > 0 && Number(bits) <= (isIPv4(address) ? 32 : 128)
}

/** A duration of Go, or any text that names a whole number of units somewhere: `3 weeks`, and ISO 8601's `PT5M` by chance. */
function isDuration(text: string): boolean {
  const named = [...text.matchAll(/\d+\s*([A-Za-zµ]+)/g)].some(([, name = '']) => unit.test(name))
  return goDuration.test(text) || /^[-+]?0$/.test(text) || named
}

/** The formats of texts that servers check in custom resources; all others are ignored. */
export const textFormats: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': text => dateTime.test(text) && isDate(text),
  date: text => /^\d{4}-\d{2}-\d{2}$/.test(text) && isDate(text),
  duration: isDuration,
  byte: text => /^(?=.)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
  uuid: text => uuid.test(text),
  email: text => /^[^@\s]+@[^@\s]+$/.test(text),
  hostname: text => hostname.test(text),
  ipv4: isIPv4,
  ipv6: isIPv6,
  cidr: isCidr,
  mac: text => /^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/.test(text),
  uri: text => /^\//.test(text) || URL.canParse(text),
  'k8s-short-name': text => text.length <= 63 && name.test(text),
  'k8s-long-name': text => text.length <= 253 && text.split('.').every(part => name.test(part)),
}
