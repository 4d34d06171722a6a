import { execFileSync } from 'node:child_process'
import { glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repository } from '../action-files.ts'
import { lateLibraries, reachable, writeBundle } from '../bundle.ts'

describe('the chunks of an entry', () => {
  const output = (...paths: string[]) =>
    ({ imports: paths.map(path => ({ path, kind: 'import-statement' })) }) as never
  const outputs = {
    'index.js': output('a.js', 'node:fs'),
    'a.js': output('b.js'),
    'b.js': output('a.js'),
    'of-what-went.js': output('b.js'),
  }

  test('are what it loads, and what those load, and nothing else', () => {
    expect([...reachable({ outputs }, 'index.js')]).toEqual(['index.js', 'a.js', 'b.js'])
  })
})

describe('a library that is read when it is used', () => {
  test('exports all that is imported of it', async () => {
    const late = Object.values(lateLibraries).flatMap(libraries => Object.entries(libraries))
    const imported = late.map(([name]) => [name, new Set<string>()] as const)
    for await (const file of glob('{actions,packages}/*/src/**/*.ts', { cwd: repository })) {
      const text = await readFile(join(repository, file), 'utf8')
      for (const [library, names] of imported)
        for (const [, list = ''] of text.matchAll(
          new RegExp(`^import \\{([^}]*)\\} from '${library}'$`, 'gm'),
        ))
          for (const name of list.split(',').filter(each => !each.includes('type ')))
            if (name.trim() !== '') names.add(name.trim().split(' as ')[0] ?? '')
    }
    expect(imported.map(([library, names]) => [library, [...names].sort()])).toEqual(late)
  })
})

describe('a bundle', () => {
  let directory: string
  let sources: readonly string[]
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'meridian-bundle-'))
    const entry = join(directory, 'main.ts')
    await writeFile(
      entry,
      `import { posix } from 'path'
       const later = await import('node:http')
       const { Z_OK } = (await import('node:zlib')).constants
       const loaded = process.moduleLoadList.filter(name => name.includes('undici'))
       console.log(JSON.stringify([posix.sep, new later.Agent().protocol, typeof later.default.get, Z_OK, loaded.length]))`,
    )
    sources = await writeBundle(entry, join(directory, 'dist'))
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  test("uses Node's own modules without loading what they hold ready", () => {
    const said = execFileSync(process.execPath, [join(directory, 'dist/index.js')], { encoding: 'utf8' })
    expect(JSON.parse(said)).toEqual(['/', 'http:', 'function', 0, 0])
  })

  test('reads a library of these when something of it is used, and not before', async () => {
    const entry = join(directory, 'late.ts')
    await writeFile(
      entry,
      `import { parse } from 'yaml'
       console.log(process.argv[2] ? parse('a: 1').a : 'not used')`,
    )
    const target = join(directory, 'late')
    await writeBundle(entry, target)
    const run = (...args: string[]) =>
      execFileSync(process.execPath, [join(target, 'index.js'), ...args], { encoding: 'utf8' })
    expect(run('use')).toBe('1\n')
    await rm(join(target, 'yaml.cjs'))
    expect(run()).toBe('not used\n')
  })

  test('has a client of GitHub that is loaded behind a proxy, too, and brings no second HTTP stack', async () => {
    const entry = join(directory, 'github.ts')
    await writeFile(
      entry,
      `import { getOctokit } from '${fileURLToPath(import.meta.resolve('@actions/github'))}'
       const headers = new Map([['content-type', 'application/json']])
       const fetch = async () => ({ status: 200, headers, text: async () => '{"number":7}' })
       const client = getOctokit('token', { request: { fetch } })
       console.log((await client.rest.pulls.get({ owner: 'a', repo: 'b', pull_number: 7 })).data.number)`,
    )
    const target = join(directory, 'github')
    const of = await writeBundle(entry, target)
    const env = { ...process.env, https_proxy: 'http://user:secret@127.0.0.1:1' }
    expect(execFileSync(process.execPath, [join(target, 'index.js')], { encoding: 'utf8', env })).toBe('7\n')
    expect(of.filter(path => path.includes('/undici/'))).toEqual([])
  })

  test('holds and loads of an SDK what the operations need that are used', async () => {
    const entry = join(directory, 'sdk.ts')
    const sdk = join(repository, 'node_modules/@aws-sdk/client-s3/dist-es/index.js')
    const sending = join(repository, 'node_modules/@smithy/node-http-handler/dist-es/index.js')
    await writeFile(
      entry,
      `import { GetObjectCommand } from '${sdk}'
       const { NodeHttpHandler } = await import('${sending}')
       const loaded = process.moduleLoadList.some(name => name.includes('http2'))
       console.log(typeof GetObjectCommand, typeof NodeHttpHandler, loaded)`,
    )
    const target = join(directory, 'sdk')
    await writeBundle(entry, target)
    const said = execFileSync(process.execPath, [join(target, 'index.js')], { encoding: 'utf8' })
    expect(said).toBe('function function false\n')
    const text = await readFile(join(target, 'index.js'), 'utf8')
    expect([text.includes('x-id=GetObject'), text.includes('x-id=PutObject')]).toEqual([true, false])
  })

  test('names the sources that are in it', () => {
    expect(sources.filter(path => !path.startsWith('node'))).toEqual([expect.stringMatching(/main\.ts$/)])
  })
})
