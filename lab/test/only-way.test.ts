import { execFile } from 'node:child_process'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { expect, onTestFinished, test } from 'vitest'

async function besideOthers() {
  const universe = await startUniverse({ scale: 600 })
  onTestFinished(universe.close)
  const { env, proxy } = await universe.addProxiedMachine({ credentials: 'runner:p4ss-of-the-runner' })
  // Programs in Go, whose stand-ins there are, learn by it whom to trust.
  const machine = { ...env, SSL_CERT_FILE: env.NODE_EXTRA_CA_CERTS }
  /** How a command ends on the machine, and what it says. */
  const tryThere = (command: string, extra: Record<string, string> = {}) =>
    new Promise<{ result: string; said: string }>(resolve => {
      execFile('sh', ['-c', command], { env: { ...machine, ...extra } }, (error, stdout, stderr) =>
        resolve({ result: error ? 'failure' : 'success', said: `${stdout}${stderr}` }),
      )
    })
  return { universe, proxy, tryThere }
}

const fetching = (url: string) =>
  `fetch('${url}').then(answer => console.log(answer.status), error => { console.log(error.cause.message); process.exit(1) })`
const unreached = 'this machine reaches nobody but its proxy'

test('who goes through the proxy reaches the world', async () => {
  const { proxy, tryThere } = await besideOthers()
  const tried = await tryThere('node --use-env-proxy -e "$PROGRAM"', {
    PROGRAM: fetching('https://aws.lab.test/_world/clock'),
  })
  expect(tried).toMatchObject({ result: 'success', said: expect.stringContaining('200') })
  expect(proxy.uses()).not.toEqual([])
})

test.each<[string, (universe: Universe) => string]>([
  ['an address of the world', ({ url }) => fetching(url)],
  ['a name', () => fetching('http://aws.lab.test')],
  [
    'a server over UDP',
    ({ nameServer }) =>
      `require('dgram').createSocket('udp4').on('error', error => { console.log(error.message); process.exit(1) }).send('x', ${nameServer.split(':')[1]}, '127.0.0.1')`,
  ],
])('who goes to %s by himself does not', async (_, program) => {
  const { universe, tryThere } = await besideOthers()
  expect(await tryThere('node -e "$PROGRAM"', { PROGRAM: program(universe) })).toEqual({
    result: 'failure',
    said: expect.stringContaining(unreached),
  })
})

test('kops goes through the proxy, and fails without', async () => {
  const { universe, tryThere } = await besideOthers()
  const name = `usa.${universe.domain}`
  await universe.addCluster(name)
  const command = `kops get clusters --state s3://${name}-state`
  expect(await tryThere(command)).toMatchObject({ result: 'success' })
  expect(await tryThere(command, { HTTPS_PROXY: '' })).toEqual({
    result: 'failure',
    said: expect.stringContaining(unreached),
  })
})

test('processes of the machine reach each other', async () => {
  const { tryThere } = await besideOthers()
  const program = `
const server = require('net').createServer(socket => socket.end()).listen(0, '127.0.0.1', () => {
  const child = "require('net').connect(" + server.address().port + ", '127.0.0.1').on('connect', () => process.exit(7))"
  require('child_process').spawn(process.execPath, ['-e', child]).on('exit', code => process.exit(code - 7))
})`
  expect(await tryThere('node -e "$PROGRAM"', { PROGRAM: program })).toMatchObject({ result: 'success' })
})
