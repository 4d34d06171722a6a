import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority } from '@meridian/lab-kube-api/certificates'
import { createSecretLedger } from '@meridian/lab-world'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runAction } from '../run-action.ts'

const dir = new URL('actions/probe', import.meta.url).pathname
const token = 'a-token-that-nobody-may-see'

const leak = (env: Record<string, string>) => runAction({ dir, entry: '../leak.js', env })

describe('a run', () => {
  test.each([
    ['stdout', 'stdout'],
    ['stderr', 'stderr'],
    ['annotation', 'annotations'],
    ['GITHUB_OUTPUT', 'output leak'],
    ['GITHUB_STATE', 'state leak'],
    ['GITHUB_ENV', 'variable leak'],
    ['GITHUB_STEP_SUMMARY', 'summary'],
  ])('that puts a token of its environment into %s is refused', async (to, place) => {
    for (const as of ['text', 'base64']) {
      const run = leak({ LEAK_TOKEN: token, LEAK_TO: to, LEAK_AS: as })
      await expect(run).rejects.toThrow(`LEAK_TOKEN (27 characters) is in its ${place}`)
      await expect(run).rejects.not.toThrow(token)
    }
  })

  test('may mask a secret, and may have none in what it says', async () => {
    expect((await leak({ LEAK_TOKEN: token, LEAK_TO: 'mask' })).masks).toEqual([token])
    expect((await leak({ LEAK_TOKEN: token })).exitCode).toBe(0)
  })

  test('that prints the key of its kubeconfig is refused', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'meridian-leak-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const { key } = await createAuthority('ca')
    const [keyFile, kubeconfig] = [join(directory, 'key'), join(directory, 'kubeconfig')]
    await writeFile(keyFile, key)
    await writeFile(kubeconfig, `users: [{user: {client-key-data: ${Buffer.from(key).toString('base64')}}}]`)
    const run = leak({ KUBECONFIG: kubeconfig, LEAK_FILE: keyFile, LEAK_TO: 'stdout' })
    await expect(run).rejects.toThrow(`${kubeconfig} (64 characters) is in its stdout`)
  })

  test('that prints what only the world knows is refused', async () => {
    const secrets = createSecretLedger()
    secrets.add('the password of a database', 'correct horse')
    const world = createServer((_, response) => response.end(JSON.stringify(secrets.all())))
    await new Promise<void>(resolve => world.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void world.close())
    const url = `http://127.0.0.1:${(world.address() as AddressInfo).port}`
    const env = { AWS_ENDPOINT_URL: url, LEAK_TOKEN: 'correct horse', LEAK_TO: 'GITHUB_STEP_SUMMARY' }
    await expect(leak(env)).rejects.toThrow('the password of a database (13 characters) is in its summary')
  })
})

describe('the secrets of a text', () => {
  const valuesOf = (text: string) => {
    const ledger = createSecretLedger()
    ledger.add('it', text)
    return ledger.all().map(({ value }) => value)
  }

  test('are the lines of a private key, but no certificate', async () => {
    const { certificate, key } = await createAuthority('ca')
    expect(valuesOf(certificate)).toEqual([])
    expect(valuesOf(certificate + key)).toEqual(key.trim().split('\n').slice(1, -1))
  })

  test('are the credentials of a kubeconfig, but nothing else in it', () => {
    expect(valuesOf('clusters:\n- server: https://example.com\nusers:\n- token: abcdefgh\n')).toEqual([
      'abcdefgh',
    ])
  })

  test('are the text itself where it is nothing known, unless it is too short to be told from a word', () => {
    expect(valuesOf('pa55word')).toEqual(['pa55word'])
    expect(valuesOf('word')).toEqual([])
  })
})
