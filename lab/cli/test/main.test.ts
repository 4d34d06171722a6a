import { execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'

const main = join(import.meta.dirname, '../main.ts')

type End = { code: number | null; stdout: string; stderr: string }

function lab(...args: string[]): Promise<End> {
  return new Promise(resolve => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

describe('the command line', () => {
  test('explains itself on stdout', async () => {
    const { code, stdout } = await lab('--help')
    expect(code).toBe(0)
    expect(stdout).toContain('npm run lab -- serve')
  })

  test.each([[['--nope']], [['serve', '--port', 'x']], [['--faults', 'rain']]])(
    'ends %j with one line and exit code 2',
    async args => {
      const { code, stdout, stderr } = await lab(...args)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^lab: .+\n$/)
    },
  )

  test('ends inputs that the workflow does not have with one line and exit code 2', async () => {
    const { code, stderr } = await lab('up', '--json', '--input', 'colour=blue')
    expect(code).toBe(2)
    expect(stderr).toMatch(/^lab: invalid workflow inputs: there is no input "colour".*\n$/)
  })
})

describe('serve', () => {
  test('prints shell lines, then # ready, and ends on SIGTERM', async () => {
    const child = spawn(process.execPath, [main, 'serve'], { stdio: ['ignore', 'pipe', 'ignore'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const ended = new Promise(resolve => child.once('exit', resolve))
    const lines: string[] = []
    for await (const line of createInterface(child.stdout)) {
      lines.push(line)
      if (line === '# ready') break
    }
    expect(lines.slice(0, -1).map(line => line.split('=')[0])).toEqual([
      'unset AWS_PROFILE',
      'unset AWS_DEFAULT_PROFILE',
      'unset AWS_SESSION_TOKEN',
      'unset AWS_ROLE_ARN',
      'unset AWS_WEB_IDENTITY_TOKEN_FILE',
      'export AWS_ENDPOINT_URL',
      'export AWS_ACCESS_KEY_ID',
      'export AWS_SECRET_ACCESS_KEY',
      'export AWS_REGION',
      'export AWS_DEFAULT_REGION',
      'export KUBECONFIG',
      'export PATH',
      'export MERIDIAN_DOMAIN',
      'export MERIDIAN_DNS_PORT',
    ])
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })
})
