import { describe, expect, test } from 'vitest'
import { groupAlive, runProcess } from '../process.ts'

/** Runs a script that a signal is sent to as soon as it says `ready`. */
async function cancelled(script: string) {
  const cancel = new AbortController()
  const lines: string[] = []
  const end = await runProcess({
    command: process.execPath,
    args: ['-e', script],
    cwd: '.',
    env: { PATH: process.env.PATH },
    signal: cancel.signal,
    patience: { interrupt: 60, terminate: 60 },
    onLine(line) {
      lines.push(line)
      if (line === 'ready') cancel.abort()
    },
  })
  return { end, lines }
}

const stay = "setInterval(() => {}, 1000); console.log('ready');"

describe('a cancelled process', () => {
  test('gets SIGINT first', async () => {
    const { end, lines } = await cancelled(
      `process.on('SIGINT', () => { console.log('int'); process.exit(0) }); ${stay}`,
    )
    expect(lines).toEqual(['ready', 'int'])
    expect(end.exitCode).toBe(0)
  })

  test('that ignores it gets SIGTERM', async () => {
    const script = `process.on('SIGINT', () => console.log('int')); process.on('SIGTERM', () => { console.log('term'); process.exit(3) }); ${stay}`
    const { end, lines } = await cancelled(script)
    expect(lines).toEqual(['ready', 'int', 'term'])
    expect(end.exitCode).toBe(3)
  })

  test('that ignores both is killed with its children', async () => {
    const ignore = "for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => {});"
    const { end } = await cancelled(`require('child_process').spawn('sleep', ['60']); ${ignore} ${stay}`)
    expect(end.signal).toBe('SIGKILL')
    await expect.poll(() => groupAlive(end.group)).toBe(false)
  })
})

test('a process that does not exist is an error', async () => {
  const request = { command: '/no/such/program', args: [], cwd: '.', env: {}, onLine() {} }
  await expect(runProcess(request)).rejects.toThrow('ENOENT')
})
