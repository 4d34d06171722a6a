import { credentialSource } from '../aws-credentials.ts'
import { parseCommandLine } from '../command-line.ts'
import { type Terminal, ToolError } from '../terminal.ts'
import { createWorldClient } from '../world-client.ts'
import { createCloudClient } from './cloud-client.ts'
import { kopsCommand } from './commands.ts'
import type { Kops } from './context.ts'
import { openStateStore, userAgent } from './state-store.ts'

/** Carries out a command line of kops and returns its exit code. Throws only what is a mistake of the lab. */
export async function runKops(argv: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(kopsCommand, argv, terminal.env)
  if (parsed.kind === 'help') {
    terminal.out(parsed.text)
    return 0
  }
  if (parsed.kind === 'wrong') {
    terminal.err(`Error: ${parsed.message}\n${parsed.usage}\n`)
    return 1
  }
  for (const notice of parsed.notices) terminal.err(`${notice}\n`)
  const url = terminal.env.MERIDIAN_WORLD ?? ''
  const { AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL } = terminal.env
  const credentials = credentialSource(terminal.env, AWS_ENDPOINT_URL_STS ?? AWS_ENDPOINT_URL ?? url)
  const kops: Kops = {
    ...terminal,
    world: createWorldClient(url, userAgent),
    cloud: region => createCloudClient({ url, userAgent, region, credentials }),
    openStore: location => openStateStore(location, terminal.env),
  }
  try {
    await parsed.command.run?.(parsed.call, kops)
    return 0
  } catch (error) {
    if (!(error instanceof ToolError)) throw error
    terminal.err(`Error: ${error.message}\n`)
    return 1
  }
}
