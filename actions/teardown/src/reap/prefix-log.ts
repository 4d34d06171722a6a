import type { Log } from '@meridian/runner'

/** A log of which each line says what it is about: several environments write at once, and groups cannot be interleaved. */
export function prefixLog(log: Log, subject: string): Log {
  const mark = (text: string) => text.replace(/^(?=.)/gm, `[${subject}] `)
  return {
    info: text => log.info(mark(text)),
    warning: text => log.warning(`[${subject}] ${text}`),
    debug: text => log.debug(mark(text)),
    group: (title, work) => {
      log.info(mark(`── ${title}`))
      return work()
    },
  }
}
