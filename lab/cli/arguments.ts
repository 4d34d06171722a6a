import { parseArgs } from 'node:util'
import { objectToFault } from '@meridian/lab-world'

export type Command = {
  name: 'story' | 'up' | 'down' | 'serve'
  json: boolean
  keep: boolean
  built: boolean
  controlPlane: 'lab' | 'bare'
  port: number | undefined
  dnsPort: number | undefined
  webhookPort: number
  seed: number
  /** World seconds that pass in a real one. */
  scale: number
  faults: string[]
  inputs: Record<string, string>
}

/** A command line that makes no sense; the message is one line. */
export class UsageError extends Error {}

const options = {
  json: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  built: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  port: { type: 'string' },
  'dns-port': { type: 'string' },
  'control-plane': { type: 'string' },
  'webhook-port': { type: 'string' },
  seed: { type: 'string', default: '1' },
  scale: { type: 'string', default: '60' },
  faults: { type: 'string', multiple: true },
  input: { type: 'string', multiple: true },
} as const

/** Where karmada-webhook listens by default. */
const webhookPort = 8443
const commands = ['up', 'down', 'serve'] as const

/** Reads the command line (without node and script). Throws UsageError. */
export function readArguments(args: readonly string[]): Command | 'help' {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  const [given, ...rest] = positionals
  if (rest.length > 0) throw new UsageError(`unexpected argument '${rest[0]}'`)
  const name: Command['name'] | undefined =
    given === undefined ? 'story' : commands.find(command => command === given)
  if (name === undefined)
    throw new UsageError(`unknown command '${given}'; commands are ${commands.join(', ')}`)
  const command: Command = {
    name,
    json: values.json,
    keep: values.keep,
    built: values.built,
    port: portOf('--port', values.port),
    dnsPort: portOf('--dns-port', values['dns-port']),
    controlPlane: readControlPlane(values['control-plane']),
    webhookPort: portOf('--webhook-port', values['webhook-port']) ?? webhookPort,
    seed: integer('--seed', values.seed, 2 ** 31),
    scale: integer('--scale', values.scale, 10_000, 1),
    faults: (values.faults ?? []).flatMap(list => list.split(',')).filter(fault => fault !== ''),
    inputs: Object.fromEntries((values.input ?? []).map(readInput)),
  }
  refuseNonsense(command)
  if (values['webhook-port'] !== undefined && command.controlPlane !== 'bare')
    throw new UsageError("'--webhook-port' belongs to '--control-plane bare'")
  return command
}

function readControlPlane(given = 'lab'): Command['controlPlane'] {
  if (given === 'lab' || given === 'bare') return given
  throw new UsageError(`'--control-plane ${given}' must be lab or bare`)
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    // The first sentence names the flag; what follows is about positional arguments.
    throw new UsageError((error instanceof Error ? error.message : String(error)).split('. ')[0])
  }
}

function refuseNonsense(command: Command): void {
  for (const fault of command.faults) {
    const objection = objectToFault(fault)
    if (objection !== undefined) throw new UsageError(objection)
  }
  const serving = command.name === 'serve'
  if (command.built && !serving) throw new UsageError("'--built' belongs to 'serve'")
  if (command.controlPlane === 'bare' && !serving)
    throw new UsageError("'--control-plane bare' belongs to 'serve'")
  if (command.controlPlane === 'bare' && command.built)
    throw new UsageError(
      "'--built' needs the lab's own Karmada: nobody would answer 'federate' in a bare one",
    )
  if (command.port !== undefined && !serving) throw new UsageError("'--port' belongs to 'serve'")
  if (command.dnsPort !== undefined && !serving) throw new UsageError("'--dns-port' belongs to 'serve'")
  if (serving && command.json) throw new UsageError("'serve' has no '--json'")
  if (serving && command.keep) throw new UsageError("'serve' keeps its world anyway: no '--keep'")
}

function readInput(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError(`'--input ${text}' must be name=value`)
  return [text.slice(0, at), text.slice(at + 1)]
}

function portOf(flag: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : integer(flag, text, 65_535)
}

function integer(flag: string, text: string, most: number, least = 0): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new UsageError(`'${flag} ${text}' must be a number from ${least} to ${most}`)
  return value
}
