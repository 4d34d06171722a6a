import { isIP, isIPv4, isIPv6 } from 'node:net'
import { goDuration } from '../duration.ts'

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
const dateTime = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/
const hostname =
  /^(?=.{1,255}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?$/
const name = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const isDate = (text: string) => !Number.isNaN(Date.parse(text))

/** The formats of texts that servers check in custom resources; all others are ignored. */
export const textFormats: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': text => dateTime.test(text) && isDate(text),
  date: text => /^\d{4}-\d{2}-\d{2}$/.test(text) && isDate(text),
  duration: text =>
    goDuration.test(text) ||
    /^\d+\s*(ns|us|µs|ms|s|m|h|d|w|nano|micro|milli|sec|min|hr|day|week)\w*$/.test(text),
  byte: text => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
  uuid: text => uuid.test(text),
  email: text => /^[^@\s]+@[^@\s]+$/.test(text),
  hostname: text => hostname.test(text),
  ipv4: isIPv4,
  ipv6: isIPv6,
  cidr: text => isIP(text.split('/')[0] ?? '') > 0 && /\/\d{1,3}$/.test(text),
  mac: text => /^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/.test(text),
  uri: text => /^\//.test(text) || URL.canParse(text),
  'k8s-short-name': text => text.length <= 63 && name.test(text),
  'k8s-long-name': text => text.length <= 253 && text.split('.').every(part => name.test(part)),
}
