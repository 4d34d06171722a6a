// Loaded into a process before anything of its own (`node --import`): its timers and dates run as fast as those of a world, from
// MERIDIAN_CLOCK, `<milliseconds since the epoch when the world began>,<scale>`. While the file that MERIDIAN_NO_DNS names is
// there, no name resolves.
import { existsSync } from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'

const require = createRequire(import.meta.url)
const [origin, scale] = (process.env.MERIDIAN_CLOCK ?? '').split(',').map(Number)
const RealDate = Date
const now = () => Math.round(origin + (RealDate.now() - origin) * scale)

class ScaledDate extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [now()] : given))
  }
  static now = now
}
Object.defineProperty(ScaledDate, 'name', { value: 'Date' })
globalThis.Date = ScaledDate

const sooner = milliseconds => (milliseconds === undefined ? undefined : milliseconds / scale)
const promises = require('node:timers/promises')
const timers = require('node:timers')
for (const name of ['setTimeout', 'setInterval']) {
  const real = globalThis[name]
  const scaled = (task, milliseconds, ...given) => real(task, sooner(milliseconds), ...given)
  const later = promises[name]
  promises[name] = (milliseconds, ...given) => later(sooner(milliseconds), ...given)
  Object.defineProperty(scaled, require('node:util').promisify.custom, { value: promises[name] })
  globalThis[name] = scaled
  timers[name] = scaled
}
const { timeout } = AbortSignal
AbortSignal.timeout = milliseconds => timeout.call(AbortSignal, Math.max(1, Math.round(sooner(milliseconds))))

const dns = require('node:dns')
const { lookup } = dns
dns.lookup = (name, ...given) => {
  const away = process.env.MERIDIAN_NO_DNS
  if (away === undefined || !existsSync(away)) return lookup(name, ...given)
  const error = Object.assign(new Error(`getaddrinfo EAI_AGAIN ${name}`), {
    code: 'EAI_AGAIN',
    syscall: 'getaddrinfo',
    hostname: name,
  })
  process.nextTick(given.at(-1), error)
}
syncBuiltinESMExports()
