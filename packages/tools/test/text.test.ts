import { describe, expect, test } from 'vitest'
import {
  childEnvironment,
  classifyFailure,
  createLineRedactor,
  explainFailure,
  headlineOf,
  type KnownFailure,
  redact,
  secretsOf,
  ToolFailure,
} from '../src/index.ts'

describe('headline', () => {
  test.each([
    ['the last line that starts with Error', 'Error: first\nusage\nError: second\nmore usage', 'second'],
    [
      'else the last line that is not klog',
      'what happened\nI1123 07:58:20.745724    6422 a.go:1] progress',
      'what happened',
    ],
    [
      'klog where there is nothing else',
      'I1123 07:58:20.745724    6422 a.go:1] progress',
      'I1123 07:58:20.745724    6422 a.go:1] progress',
    ],
    ['nothing where nothing was said', '', ''],
  ])('is %s', (_, stderr, expected) => expect(headlineOf(stderr)).toBe(expected))

  test('comes from stdout where stderr is silent', () => expect(headlineOf('', 'a\nb\n')).toBe('b'))
})

describe('redaction', () => {
  test.each([
    ['given values', 'key=abc123abc', ['abc123abc'], 'key=***'],
    ['private keys', 'x -----BEGIN EC PRIVATE KEY-----\nMII\n-----END EC PRIVATE KEY----- y', [], 'x *** y'],
    ['cut private keys', '-----BEGIN PRIVATE KEY-----\nMII', [], '***'],
    ['key data of a kubeconfig', 'client-key-data: TUlJRXBBSUJBQUtDQVFF', [], 'client-key-data: ***'],
    ['nothing else', 'client-certificate: ok', [''], 'client-certificate: ok'],
  ])('hides %s', (_, text, secrets, expected) => expect(redact(text, secrets)).toBe(expected))
})

describe('redaction line by line', () => {
  const shown = (lines: string, secrets: string[] = []) => lines.split('\n').map(createLineRedactor(secrets))

  test.each([
    [
      'a private key',
      'a\n-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIE+/=\n-----END RSA PRIVATE KEY----- b\nc',
      ['a', '***', '***', '***', '***', '*** b', 'c'],
    ],
    [
      'one that is cut off, and not what follows',
      '-----BEGIN PRIVATE KEY-----\nMIIE\nI1 done: x',
      ['***', '***', 'I1 done: x'],
    ],
    [
      'one in a single line',
      '-----BEGIN PRIVATE KEY-----MII-----END PRIVATE KEY-----\nMIIE',
      ['***', 'MIIE'],
    ],
    ['no certificate', '-----BEGIN CERTIFICATE-----\nMIIE', ['-----BEGIN CERTIFICATE-----', 'MIIE']],
  ])('hides %s', (_, lines, expected) => expect(shown(lines)).toEqual(expected))

  test('hides each line of a secret of several', () =>
    expect(shown('x longlong1 y\nlonglong2', ['longlong1\nlonglong2'])).toEqual(['x *** y', '***']))
})

describe('environment of a child', () => {
  const env = {
    PATH: '/bin',
    AWS_REGION: 'r',
    GITHUB_TOKEN: 't',
    NODE_OPTIONS: '-r x',
    https_proxy: 'http://me:secret@px',
    KOPS_X: 'k',
    INPUT_NAME: 'n',
  }

  const proxies = { HTTPS_PROXY: env.https_proxy, https_proxy: env.https_proxy }

  test('has what the tools document and nothing else of the job', () => {
    expect(childEnvironment(env)).toEqual({ PATH: '/bin', AWS_REGION: 'r', ...proxies, KOPS_X: 'k' })
  })

  test('takes additions, and loses what is laid over with nothing', () => {
    expect(childEnvironment(env, { KUBECONFIG: 'f', AWS_REGION: undefined })).toEqual({
      PATH: '/bin',
      ...proxies,
      KOPS_X: 'k',
      KUBECONFIG: 'f',
    })
  })

  test('trusts whom Node trusts besides, unless it is told itself whom to trust', () => {
    const given = { NODE_EXTRA_CA_CERTS: '/ca.pem' }
    expect(childEnvironment(given)).toEqual({ SSL_CERT_FILE: '/ca.pem' })
    expect(childEnvironment({ ...given, SSL_CERT_FILE: '/own.pem' })).toEqual({ SSL_CERT_FILE: '/own.pem' })
  })

  test('knows its secrets', () =>
    expect(secretsOf({ AWS_SECRET_ACCESS_KEY: 'a'.repeat(40), AWS_SESSION_TOKEN: '' })).toEqual([
      'a'.repeat(40),
    ]))

  test('counts what is in the address of a proxy among its secrets', () =>
    expect(secretsOf(env)).toEqual(expect.arrayContaining(['me:secret', 'secret'])))
})

describe('known failures', () => {
  const table: KnownFailure[] = [
    { pattern: /quota/, category: 'quota', advice: 'Ask for more.', retryable: false },
    { pattern: /reset/, category: 'network', advice: 'Try again.', retryable: true },
  ]
  const failure = (headline: string, stderr = '') =>
    new ToolFailure({
      tool: 'kops',
      command: 'kops',
      exitCode: 1,
      signal: undefined,
      timedOut: false,
      cancelled: false,
      seconds: 1,
      headline,
      stdout: '',
      stderr,
    })

  test('the headline counts before the rest of the output', () => {
    expect(classifyFailure(failure('connection reset', 'quota of 5'), table)?.category).toBe('network')
  })

  test('advice becomes the fix', () =>
    expect(explainFailure(failure('over quota'), table)?.fix).toBe('Ask for more.'))

  test('an unknown failure is not explained', () =>
    expect(explainFailure(failure('what?'), table)).toBeUndefined())

  test('another error is not classified', () =>
    expect(classifyFailure(new Error('quota'), table)).toBeUndefined())
})
