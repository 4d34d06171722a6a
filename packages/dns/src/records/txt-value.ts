import type { ResourceRecordSet } from '@aws-sdk/client-route-53'

/** The most characters of one string of a TXT value. A value may have several, which are read as one text. */
const longest = 255
const strings = /^"[^"\\]*"(?: "[^"\\]*")*$/

/** A text without quotes and backslashes as the value of a TXT record: one string where it fits, else as few as do. */
export function writeText(text: string): string {
  return (text.match(new RegExp(`.{1,${longest}}`, 'g')) ?? ['']).map(part => `"${part}"`).join(' ')
}

/** The texts of a TXT record set, one for each value that `writeText` could have written. */
export function readTexts(set: ResourceRecordSet): string[] {
  return (set.ResourceRecords ?? []).map(({ Value = '' }) => {
    const parts = strings.test(Value) ? [...Value.matchAll(/"([^"]*)"/g)].map(([, part = '']) => part) : []
    const text = parts.join('')
    return writeText(text) === Value ? text : ''
  })
}
