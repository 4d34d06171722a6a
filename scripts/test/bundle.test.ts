import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reachable, writeBundle } from '../bundle.ts'

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

  test('names the sources that are in it', () => {
    expect(sources.filter(path => !path.startsWith('node'))).toEqual([expect.stringMatching(/main\.ts$/)])
  })
})
