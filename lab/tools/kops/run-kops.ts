import { credentialSource } from '../aws-credentials.ts'
import { parseCommandLine } from '../command-line.ts'
import { klogLine } from '../klog.ts'
import { type Terminal, ToolError } from '../terminal.ts'
import { createWorldClient } from '../world-client.ts'
import { createCloudClient } from './cloud-client.ts'
import { kopsCommand } from './commands.ts'
import type { Kops } from './context.ts'
import { openStateStore, userAgentOf } from './state-store.ts'

/** Runs a command line of kops in the world that the terminal's environment names; resolves to the exit code. */
export async function runKops(
  argv: readonly string[],
  terminal: Terminal,
  die: Kops['die'],
): Promise<number> {
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
  try {
    await parsed.command.run?.(parsed.call, contextOf(terminal, die))
    return 0
  } catch (error) {
    if (!(error instanceof ToolError)) throw error
    terminal.err(`Error: ${error.message}\n`)
    return 1
  }
}

function contextOf(terminal: Terminal, die: Kops['die']): Kops {
  const url = terminal.env.MERIDIAN_WORLD ?? ''
  const { AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL } = terminal.env
  const endpoint = AWS_ENDPOINT_URL ?? url
  const userAgent = userAgentOf(terminal.env)
  const credentials = credentialSource(terminal.env, AWS_ENDPOINT_URL_STS ?? endpoint)
  return {
    ...terminal,
    die,
    world: createWorldClient(url, userAgent),
    cloud: region => createCloudClient({ url, endpoint, userAgent, region, credentials }),
    openStore: location => openStateStore(location, terminal.env),
  }
}

/** The same in this process, with what it printed. Where it would be killed it fails. */
export async function captureKops(
  argv: readonly string[],
  env: Terminal['env'],
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' }
  const err = (text: string) => {
    said.stderr += text
  }
  const terminal: Terminal = {
    env,
    out(text) {
      said.stdout += text
    },
    err,
    log: (...line) => err(klogLine(...line)),
  }
  const exitCode = await runKops(argv, terminal, () => {
    throw new ToolError('killed')
  })
  return { exitCode, ...said }
}
