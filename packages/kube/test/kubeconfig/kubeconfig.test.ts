import { mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  buildKubeconfig,
  checkGivenKubeconfig,
  contextNames,
  contextParts,
  formatKubeconfig,
  givenKubeconfig,
  loadKubeconfig,
  mergeKubeconfigs,
  onlyContext,
  parseKubeconfig,
  renameContext,
  secretsOf,
  writeKubeconfig,
} from '../../src/index.ts'

const usa = buildKubeconfig({ context: 'usa', server: 'https://usa.example.com', ca: 'CA', token: 'secret' })
const eur = buildKubeconfig({ context: 'eur', server: 'https://eur.example.com', cert: 'C', key: 'K' })

describe('kubeconfigs', () => {
  test('survive being written as text and read again', () => {
    expect(parseKubeconfig(formatKubeconfig(usa))).toEqual(usa)
  })

  test('quote a name that kubectl would take for a boolean', () => {
    expect(formatKubeconfig(renameContext(usa, 'usa', 'no'))).toContain('current-context: "no"')
  })

  test('carry certificates as base64, the name to verify by and the proxy', () => {
    const built = buildKubeconfig({
      context: 'fed',
      server: 'https://lb:5443',
      ca: 'CA',
      cert: 'CERT',
      key: 'KEY',
      tlsServerName: 'kubernetes.default.svc',
      proxyUrl: 'http://127.0.0.1:3128',
    })
    expect(contextParts(built, 'fed')).toEqual({
      cluster: {
        server: 'https://lb:5443',
        'certificate-authority-data': 'Q0E=',
        'tls-server-name': 'kubernetes.default.svc',
        'proxy-url': 'http://127.0.0.1:3128',
      },
      user: { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' },
      namespace: undefined,
    })
  })

  test('are merged by name, the added one winning and becoming current', () => {
    const other = buildKubeconfig({ context: 'usa', server: 'https://new.example.com' })
    const merged = mergeKubeconfigs(mergeKubeconfigs(usa, eur), other)
    expect(contextNames(merged).sort()).toEqual(['eur', 'usa'])
    expect(contextParts(merged, 'usa').cluster.server).toBe('https://new.example.com')
    expect(merged['current-context']).toBe('usa')
  })

  test('get a new name for a context, its cluster and its user together, so that merging cannot clash', () => {
    const renamed = renameContext(mergeKubeconfigs(usa, eur), 'eur', 'europe')
    expect(renamed['current-context']).toBe('europe')
    expect(renamed.users.map(user => user.name)).toContain('europe')
    expect(contextParts(renamed, 'europe').cluster.server).toBe('https://eur.example.com')
  })

  test('are reduced to one context without the credentials of others', () => {
    const alone = onlyContext(mergeKubeconfigs(usa, eur), 'eur')
    expect(contextNames(alone)).toEqual(['eur'])
    expect(formatKubeconfig(alone)).not.toContain('secret')
  })

  test('say which contexts there are when one is missing', () => {
    expect(() => contextParts(usa, 'jpn')).toThrow("there is no context 'jpn', only usa")
  })

  test.each([
    ['- a', 'a kubeconfig must be a mapping'],
    ['clusters: {}', 'clusters of a kubeconfig must be a list'],
    ['users: [{user: {}}]', 'users[0] of the kubeconfig has no name'],
  ])('refuse %j', (text, message) => {
    expect(() => parseKubeconfig(text)).toThrow(message)
  })
})

describe('a kubeconfig that was handed in', () => {
  test('may be used when it only holds what it needs itself', () => {
    expect(checkGivenKubeconfig(usa)).toEqual([])
  })

  test.each([
    [{ exec: { command: 'sh' } }, {}, "user 'x' runs a program (exec)"],
    [{ 'auth-provider': { name: 'oidc' } }, {}, "user 'x' uses an auth-provider"],
    [{ 'as-groups': ['apps'] }, {}, "user 'x' acts for a uid, groups or extras without a user (as)"],
    [{ 'client-key': '/etc/passwd' }, {}, "user 'x' refers to a file (client-key)"],
    [{ 'token-file': '/etc/passwd' }, {}, "user 'x' refers to a file (token-file)"],
    [{}, { 'certificate-authority': '/etc/passwd' }, "cluster 'x' refers to a file (certificate-authority)"],
    [{}, { 'insecure-skip-tls-verify': true }, "cluster 'x' switches TLS verification off"],
    [{}, { server: 'http://a' }, "cluster 'x' has no server that starts with https://"],
  ])('is refused with %j %j', (user, cluster, problem) => {
    const config = parseKubeconfig(
      JSON.stringify({
        clusters: [{ name: 'x', cluster: { server: 'https://a', ...cluster } }],
        users: [{ name: 'x', user }],
        contexts: [],
      }),
    )
    expect(checkGivenKubeconfig(config)).toEqual([problem])
  })
})

describe('kubeconfig files', () => {
  test('are readable by their owner only, and replace a link instead of following it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'meridian-kube-'))
    const [target, path] = [join(directory, 'target'), join(directory, 'config')]
    await writeFile(target, 'untouched')
    await symlink(target, path)
    await writeKubeconfig(path, usa)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(target, 'utf8')).toBe('untouched')
  })

  test('of KUBECONFIG are merged, the first one winning, and missing ones passed over', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'meridian-kube-'))
    const [first, second] = [join(directory, 'a'), join(directory, 'b')]
    const shadowed = buildKubeconfig({ context: 'usa', server: 'https://shadowed' })
    await writeKubeconfig(first, usa)
    await writeKubeconfig(second, mergeKubeconfigs(eur, shadowed))
    const KUBECONFIG = [first, join(directory, 'none'), second].join(delimiter)
    const loaded = await loadKubeconfig({ KUBECONFIG })
    expect(loaded && contextNames(loaded).sort()).toEqual(['eur', 'usa'])
    expect(loaded && contextParts(loaded, 'usa').cluster.server).toBe('https://usa.example.com')
  })

  test('make file references absolute, since they are relative to the file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'meridian-kube-'))
    const path = join(directory, 'config')
    await writeFile(
      path,
      'clusters: [{name: a, cluster: {server: "https://a", certificate-authority: ca.crt}}]',
    )
    const loaded = await loadKubeconfig({ KUBECONFIG: path })
    expect(loaded?.clusters[0]?.cluster['certificate-authority']).toBe(join(directory, 'ca.crt'))
  })

  test('are read once, and again when one of them has changed', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'meridian-kube-')), 'config')
    const load = () => loadKubeconfig({ KUBECONFIG: path })
    expect(await load()).toBeUndefined()
    await writeKubeconfig(path, usa)
    const loaded = await load()
    expect(loaded && contextNames(loaded)).toEqual(['usa'])
    expect(await load()).toBe(loaded)
    await writeKubeconfig(path, eur)
    const changed = await load()
    expect(changed && contextNames(changed)).toEqual(['eur'])
  })

  test('are none where KUBECONFIG is not set', async () => {
    expect(await loadKubeconfig({})).toBeUndefined()
  })

  test('shows nothing of itself where it cannot be read', () => {
    const read = (text: string) => () => givenKubeconfig(text)
    expect(read('users: [{token: hush')).toThrow('is no kubeconfig')
    expect(read('users: [{token: hush')).not.toThrow('hush')
    expect(read('{contexts: [{name: a}], users: [{name: a, user: {exec: {}, token: hush}}]}')).toThrow(
      "user 'a' runs a program",
    )
  })

  test('names the values that must be masked', () => {
    expect(secretsOf(mergeKubeconfigs(usa, eur))).toEqual(['secret', Buffer.from('K').toString('base64')])
  })
})
