import { expect, test } from 'vitest'
import { runTool, ToolFailure } from '../src/index.ts'

const node = { name: 'node', path: process.execPath }
const quiet = { env: {}, signal: new AbortController().signal }
const script = (code: string) => ['-e', code]

async function failureOf(run: Promise<unknown>): Promise<ToolFailure> {
  const error = await run.then(
    () => undefined,
    thrown => thrown,
  )
  expect(error).toBeInstanceOf(ToolFailure)
  return error as ToolFailure
}

test('stdout and stderr are told apart', async () => {
  const result = await runTool(node, script('console.log("out"); console.error("err")'), quiet)
  expect(result).toMatchObject({ stdout: 'out', stderr: 'err', exitCode: 0 })
})

test('a failure that says nothing is still a failure', async () => {
  const failure = await failureOf(runTool(node, script('process.exit(3)'), quiet))
  expect(failure).toMatchObject({
    exitCode: 3,
    headline: expect.any(String),
    message: expect.stringContaining('exit code 3'),
  })
})

test('the headline of a failure is the line that starts with Error', async () => {
  const text =
    'console.error("I1123 07:58:20.745724    6422 a.go:1] Looking"); console.error("Error: no such cluster"); process.exit(1)'
  expect((await failureOf(runTool(node, script(text), quiet))).message).toBe(
    'node failed with exit code 1: no such cluster',
  )
})

test('an accepted exit code is an answer', async () => {
  const result = await runTool(node, script('console.log("{}"); process.exit(1)'), { ...quiet, accept: [1] })
  expect(result).toMatchObject({ stdout: '{}', exitCode: 1 })
})

test('the child sees the given environment and nothing else', async () => {
  const result = await runTool(node, script('console.log(Object.keys(process.env).join())'), {
    ...quiet,
    env: { ONLY: '1' },
  })
  expect(result.stdout).toBe('ONLY')
})

test('lines are streamed as they come', async () => {
  const lines: string[] = []
  await runTool(node, script('console.log("a"); console.log("b")'), {
    ...quiet,
    onLine: line => lines.push(line),
  })
  expect(lines).toEqual(['a', 'b'])
})

test('secrets appear neither in results, nor in streamed lines, nor in failures', async () => {
  const lines: string[] = []
  const options = { ...quiet, secrets: ['hunter22'], onLine: (line: string) => void lines.push(line) }
  const failure = await failureOf(
    runTool(node, script('console.error("Error: hunter22"); process.exit(1)'), options),
  )
  expect([failure.stderr, failure.headline, failure.command, failure.message, ...lines].join()).not.toContain(
    'hunter22',
  )
})

test('arguments reach the tool as they are, without a shell', async () => {
  const result = await runTool(
    node,
    [...script('console.log(process.argv[1])'), '--', '$(id); `id` "x"'],
    quiet,
  )
  expect(result.stdout).toBe('$(id); `id` "x"')
})

test('an aborted run interrupts the tool and rejects with the reason', async () => {
  const cancel = new AbortController()
  const code =
    'process.on("SIGINT", () => { console.log("interrupted"); process.exit(130) }); console.log("up"); setInterval(() => {}, 1000)'
  const lines: string[] = []
  const onLine = (line: string) => {
    lines.push(line)
    if (line === 'up') cancel.abort(new Error('cancelled'))
  }
  await expect(runTool(node, script(code), { env: {}, signal: cancel.signal, onLine })).rejects.toThrow(
    'cancelled',
  )
  expect(lines).toEqual(['up', 'interrupted'])
})

test('a tool that ignores the interrupt is killed', async () => {
  const cancel = new AbortController()
  const code = 'process.on("SIGINT", () => {}); console.log(process.pid); setInterval(() => {}, 1000)'
  let pid = 0
  const onLine = (line: string) => {
    pid = Number(line)
    cancel.abort(new Error('cancelled'))
  }
  await expect(
    runTool(node, script(code), { env: {}, signal: cancel.signal, onLine, grace: 50 }),
  ).rejects.toThrow('cancelled')
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('a tool that takes too long is stopped', async () => {
  const failure = await failureOf(
    runTool(node, script('setInterval(() => {}, 1000)'), { ...quiet, timeout: 50 }),
  )
  expect(failure.timedOut).toBe(true)
})

test('a tool that is not there could not be started', async () => {
  const failure = await failureOf(runTool({ name: 'kops', path: '/nowhere/kops' }, [], quiet))
  expect(failure).toMatchObject({
    exitCode: undefined,
    message: expect.stringContaining('kops could not be started'),
  })
})
