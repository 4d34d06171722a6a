import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { constants, openSync, rmSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { type Caller, callers } from './callers.ts'
import { klogLine } from './klog.ts'
import { createAgent } from './send-request.ts'

/** Calls of kops that run in this process: most of what they take else is Node's start, and code that was never warm. */
export type Calls = {
  /** Lines of sh that hand a call over; they go on where it is to be a process. */
  script: readonly string[]
  /** Ends what is under way. */
  close(): void
}

type Host = {
  url: string
  /** What the machine lays over whatever its tools are called with. */
  env: Readonly<Record<string, string>>
  mayRunHere(): boolean
  under: Set<() => void>
}

const hosts = new Map<string, Host>()
let listening: Promise<string> | undefined

/**
 * Takes calls of kops over from their executables by named pipes, as long as `mayRunHere` says so. To whoever calls there is no
 * difference: the executable prints as it goes, ends as kops does, and when it is killed nothing more of it reaches the world.
 * Undefined on systems that do not show a process's arguments and variables under /proc.
 */
export async function serveCalls(
  url: string,
  mayRunHere: () => boolean,
  env: Host['env'] = {},
): Promise<Calls | undefined> {
  if (process.platform !== 'linux') return undefined
  listening ??= listen()
  const [pipe, id] = [await listening, randomUUID()]
  const host: Host = { url, env, mayRunHere, under: new Set() }
  hosts.set(id, host)
  return {
    script: scriptFor(pipe, id),
    close() {
      hosts.delete(id)
      for (const end of host.under) end()
    },
  }
}

/**
 * The pipe `alive` closes with the shell, since its children do not have it; `end` with this process. Whoever opens a pipe for reading
 * waits for a writer, so `life`, which this process holds open, is opened both ways first: a child then reads until this process is no more.
 */
function scriptFor(pipe: string, id: string): string[] {
  return [
    `f=${pipe}.$$`,
    `if [ -p ${pipe} ] && mkfifo "$f.alive" "$f.out" "$f.err" "$f.end"; then`,
    '  exec 3<>"$f.alive" 4<>"$f.end"',
    `  exec 7<>${pipe}.life 8<${pipe}.life 7>&-`,
    '  { read -r none; echo gone; } <&8 >&4 2>&- 3<&- &',
    '  watch=$!',
    '  exec 8<&-',
    `  echo "$$ ${id}" 1<>${pipe}`,
    '  read -r fate <&4',
    '  kill "$watch"; wait "$watch" 2>/dev/null',
    '  if [ "$fate" = here ]; then',
    '    exec 4<"$f.end" 5<"$f.out" 6<"$f.err"',
    '    cat <&5 3<&- 4<&- 6<&- &',
    '    cat <&6 >&2 3<&- 4<&- 5<&- &',
    '    exec 5<&- 6<&-',
    '    echo ready >&3',
    '    read -r code <&4',
    '    wait',
    '    [ -n "$code" ] || code=137',
    '    exit "$code"',
    '  fi',
    '  exec 3<&- 4<&-',
    'fi',
  ]
}

async function listen(): Promise<string> {
  await removeDead()
  const directory = await mkdtemp(join(tmpdir(), `${folder}${process.pid}-`))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  const pipe = join(directory, 'kops')
  await promisify(execFile)('mkfifo', [pipe, `${pipe}.life`])
  openSync(`${pipe}.life`, constants.O_RDWR | constants.O_NONBLOCK)
  const socket = openPipe(pipe, constants.O_RDWR).unref()
  createInterface({ input: socket }).on('line', line => {
    const [pid = '', id = ''] = line.split(' ')
    void answer(`${pipe}.${pid}`, pid, hosts.get(id))
  })
  return pipe
}

const folder = 'meridian-calls-'

/** A process that is killed leaves its folder, which has its number; the next one takes that away. */
async function removeDead(): Promise<void> {
  const left = await readdir(tmpdir())
  const dead = left.filter(name => name.startsWith(folder) && !isAlive(Number(name.split('-')[2])))
  await Promise.all(dead.map(name => rm(join(tmpdir(), name), { recursive: true, force: true })))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function answer(pipes: string, pid: string, host: Host | undefined): Promise<void> {
  const asked = await readCall(pid)
  // Killed before it was heard.
  if (asked === undefined) return removePipes(pipes)
  const end = openPipe(`${pipes}.end`, constants.O_RDWR)
  if (!host?.mayRunHere()) {
    await say(end, 'process\n')
    end.destroy()
    return removePipes(pipes)
  }
  const out = openPipe(`${pipes}.out`, constants.O_RDWR)
  const err = openPipe(`${pipes}.err`, constants.O_RDWR)
  const alive = openPipe(`${pipes}.alive`, constants.O_RDONLY)
  const env = { ...asked.env, ...host.env, MERIDIAN_WORLD: host.url }
  const caller: Caller = { env, agent: createAgent(), others: new Map(), alive: true }
  const close = () => {
    caller.alive = false
    for (const agent of [caller.agent, ...caller.others.values()]) agent.destroy()
    for (const pipe of [out, err, end, alive]) pipe.destroy()
    host.under.delete(close)
  }
  host.under.add(close)
  alive.once('close', close)
  const ready = new Promise(resolve => alive.on('data', resolve))
  await say(end, 'here\n')
  await ready
  await removePipes(pipes)
  const exitCode = await run(caller, asked.args, out, err)
  await Promise.all([say(out, ''), say(err, '')])
  out.destroy()
  err.destroy()
  await say(end, `${exitCode}\n`)
  close()
}

async function run(caller: Caller, args: readonly string[], out: Socket, err: Socket): Promise<number> {
  const { runKops } = await import('./kops/run-kops.ts')
  const terminal = {
    env: caller.env,
    out: (text: string) => void out.write(text),
    err: (text: string) => void err.write(text),
    log: (...line: Parameters<typeof klogLine>) => void err.write(klogLine(...line)),
  }
  const die = () => {
    throw new Error('a fault that kills kops began while it ran')
  }
  return callers.run(caller, () =>
    runKops(args, terminal, die).catch(error => {
      err.write(`${error instanceof Error ? error.stack : error}\n`)
      return 1
    }),
  )
}

/** Resolves when all that was written before has left; never once the reader has gone. */
const say = (pipe: Socket, text: string) =>
  new Promise<void>(resolve => pipe.write(text, error => !error && resolve()))

/** Named pipes are opened in such ways that neither side waits for the other. */
function openPipe(path: string, mode: number): Socket {
  const fd = openSync(path, mode | constants.O_NONBLOCK)
  const readable = mode === constants.O_RDONLY || !/\.(out|err|end)$/.test(path)
  const socket = new Socket({ fd, readable, writable: mode === constants.O_RDWR })
  socket.on('error', () => {})
  return socket
}

async function removePipes(pipes: string): Promise<void> {
  await Promise.all(['alive', 'out', 'err', 'end'].map(each => rm(`${pipes}.${each}`, { force: true })))
}

/** The variables of a process, and what follows the shell and the script's name in its arguments; undefined where it is no more. */
async function readCall(pid: string): Promise<{ env: Record<string, string>; args: string[] } | undefined> {
  const [env, args] = await Promise.all(
    ['environ', 'cmdline'].map(file => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
  )
  if (!env || !args) return undefined
  const parts = env
    .split('\0')
    .filter(Boolean)
    .map(each => /^([^=]*)=(.*)$/s.exec(each) ?? [])
  return {
    env: Object.fromEntries(parts.map(([, name = '', value = '']) => [name, value])),
    args: args.split('\0').slice(2, -1),
  }
}
