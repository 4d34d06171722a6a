import { processTerminal } from '../terminal.ts'
import { createWorldClient } from '../world-client.ts'

const terminal = processTerminal()
const world = createWorldClient(terminal.env.MERIDIAN_WORLD ?? '', 'cloud-provider-kind')
const known = /^--?(gateway-channel|enable-log-dumping|logs-dir|v)(=|$)/
const balance = (running: boolean) => world.ask('POST', '/_world/kind/balancing', { running })

const wrong = process.argv.slice(2).find(word => word.startsWith('-') && !known.test(word))
if (wrong === undefined) await serve()
else {
  terminal.err(`flag provided but not defined: ${wrong.replace(/^--/, '-')}\n`)
  process.exitCode = 2
}

/** Gives Services their load balancers until it is told to end. */
async function serve(): Promise<void> {
  await balance(true)
  const alive = setInterval(() => {}, 60_000)
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      terminal.log('I', 'app.go:62', 'Exiting: received signal')
      void balance(false).finally(() => clearInterval(alive))
    })
}
