// Loaded into a process before anything of its own (`node --import`): it reaches nobody but who listens at MERIDIAN_ONLY_WAY,
// `<host>:<port>`, and processes of its own machine, each of whose ports is the name of a file in MERIDIAN_OWN_PORTS.
import { existsSync, writeFileSync } from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)
const net = require('node:net')
const dgram = require('node:dgram')
const way = process.env.MERIDIAN_ONLY_WAY
const own = process.env.MERIDIAN_OWN_PORTS ?? ''

const { listen } = net.Server.prototype
net.Server.prototype.listen = function (...given) {
  this.prependOnceListener('listening', () => {
    const { port } = this.address()
    if (port !== undefined) writeFileSync(join(own, String(port)), '')
  })
  return listen.apply(this, given)
}

const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function (...given) {
  const [{ path, port, host = 'localhost' }] = Array.isArray(given[0]) ? given[0] : net._normalizeArgs(given)
  const near = ['localhost', '127.0.0.1', '::1'].includes(host)
  if (path || `${host}:${port}` === way || (near && existsSync(join(own, String(port)))))
    return connect.apply(this, given)
  process.nextTick(() => this.destroy(unreachable('connect', host, port)))
  return this
}

for (const name of ['connect', 'send'])
  dgram.Socket.prototype[name] = function () {
    process.nextTick(() => this.emit('error', unreachable(name, 'over UDP', '')))
  }

function unreachable(syscall, address, port) {
  const message = `${syscall} ENETUNREACH ${address}:${port}: this machine reaches nobody but its proxy`
  return Object.assign(new Error(message), { code: 'ENETUNREACH', syscall, address, port })
}
syncBuiltinESMExports()
