import { describe, expect, test } from 'vitest'
import { groupAlive, runProcess } from '../process.ts'

/** Runs a script that a signal is sent to as soon as it says `ready`; `patience` in milliseconds. */
async function cancelled(script: string, patience: { interrupt: number; terminate: number }) {
  const cancel = new AbortController()
  const lines: string[] = []
  const end = await runProcess({
    command: process.execPath,
    args: ['-e', script],
    cwd: '.',
    env: { PATH: process.env.PATH },
    signal: cancel.signal,
    patience,
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
      { interrupt: 10_000, terminate: 10_000 },
    )
    expect(lines).toEqual(['ready', 'int'])
    expect(end.exitCode).toBe(0)
  })

  test('that ignores it gets SIGTERM', async () => {
    const script = `process.on('SIGINT', () => console.log('int')); process.on('SIGTERM', () => { console.log('term'); process.exit(3) }); ${stay}`
    const { end, lines } = await cancelled(script, { interrupt: 60, terminate: 10_000 })
    expect(lines).toEqual(['ready', 'int', 'term'])
    expect(end.exitCode).toBe(3)
  })

  test('that ignores both is killed with its children', async () => {
    const ignore = "for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => {});"
    const script = `require('child_process').spawn('sleep', ['60']); ${ignore} ${stay}`
    const { end } = await cancelled(script, { interrupt: 60, terminate: 60 })
    expect(end.signal).toBe('SIGKILL')
    await expect.poll(() => groupAlive(end.group)).toBe(false)
  })
})

test('a process that does not exist is an error', async () => {
  const request = { command: '/no/such/program', args: [], cwd: '.', env: {}, onLine() {} }
  await expect(runProcess(request)).rejects.toThrow('ENOENT')
})
