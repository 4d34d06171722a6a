import { noArguments, parseCommandLine } from '../command-line.ts'
import { processTerminal, ToolError } from '../terminal.ts'
import { createWorldClient } from '../world-client.ts'
import { type Karmadactl, type KarmadactlCommand, userAgent } from './context.ts'
import { deinit } from './deinit.ts'
import { init } from './init.ts'
import { versionLine } from './init-flags.ts'

const version: KarmadactlCommand = {
  name: 'version',
  about: 'Print the version information',
  check: noArguments('karmadactl version'),
  async run(_call, tool) {
    tool.out(`${versionLine}\n`)
  },
}

const karmadactl: KarmadactlCommand = {
  name: 'karmadactl',
  about: 'karmadactl controls a Kubernetes Cluster Federation.',
  commands: [deinit, init, version],
  persistent: [
    { name: 'v', short: 'v', kind: 'number', type: 'Level', usage: 'number for the log level verbosity' },
  ],
}

process.exitCode = await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<number> {
  const terminal = processTerminal()
  const parsed = parseCommandLine(karmadactl, argv, terminal.env)
  if (parsed.kind === 'help') {
    terminal.out(parsed.text)
    return 0
  }
  if (parsed.kind === 'wrong') {
    terminal.err(`error: ${parsed.message}\n${parsed.usage}\n`)
    return 1
  }
  const world = createWorldClient(terminal.env.MERIDIAN_WORLD ?? '', userAgent)
  const tool: Karmadactl = { ...terminal, world }
  try {
    await parsed.command.run?.(parsed.call, tool)
    return 0
  } catch (error) {
    // Network failures are told in the network's words; anything else would be a fault of the tool itself.
    const known = error instanceof ToolError || (error instanceof Error && error.cause !== undefined)
    if (!known) throw error
    if (error.message !== '') terminal.err(`error: ${error.message}\n`)
    return 1
  }
}
