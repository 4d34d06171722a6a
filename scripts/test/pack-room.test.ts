import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, inject, test } from 'vitest'
import { published } from '../pack-room.ts'
import { runIn } from './install-rooms.ts'

const folder = inject('installed') ?? ''
const packages = Object.values(published).map(({ name }) => name)
const inside = (name: string, file: string) => join(folder, 'node_modules', name, file)
const read = (name: string, file: string) => readFileSync(inside(name, file), 'utf8')

/** The three lines that the README begins with. */
function firstLines(name: string): string {
  const lines = /```js\n(.*?)```/s.exec(read(name, 'README.md'))?.[1] ?? ''
  expect(lines.trim().split('\n')).toHaveLength(3)
  return lines
}

const variable = (lines: string) => /const (\w+) = await/.exec(lines)?.[1]

test('what is installed is the two packages alone', () => {
  const scopes = readdirSync(join(folder, 'node_modules')).filter(name => !name.startsWith('.'))
  expect(scopes).toEqual(['@meridian'])
  expect(readdirSync(join(folder, 'node_modules', '@meridian')).sort()).toEqual(
    packages.map(name => name.split('/')[1]).sort(),
  )
})

describe.each(packages)('%s', name => {
  test('does in an empty folder what its README begins with, and ends', () => {
    const lines = firstLines(name)
    writeFileSync(join(folder, 'three.js'), `${lines}await ${variable(lines)}.close()\n`)
    expect(runIn(folder, process.execPath, 'three.js')).toContain('127.0.0.1')
  })

  test('has its licence, and those of what is bundled', () => {
    expect(read(name, 'LICENSE')).toContain('Apache License')
    expect(read(name, 'dist/third-party-licenses.txt')).toMatch(/^\S+ \d+\.\d+\.\d+ \(/)
    expect(read(name, 'dist/third-party-licenses.txt')).not.toContain('(undefined)')
  })

  test('is told to nobody by names that are private', () => {
    expect(read(name, 'dist/index.d.ts')).not.toContain('@meridian/lab-')
    expect(JSON.parse(read(name, 'package.json'))).toMatchObject({ name, license: 'Apache-2.0' })
    expect(JSON.parse(read(name, 'package.json'))).not.toHaveProperty('dependencies')
  })
})

test('their types take what the READMEs begin with, and refuse what is wrong', () => {
  const file = join(folder, 'typed.ts')
  const used = packages.map(name => {
    const lines = firstLines(name)
    return `${lines}
      // @ts-expect-error no failure has this name
      ${variable(lines)}.fail({ failure: 'explode' })
      // @ts-expect-error nothing has this name
      ${variable(lines)}.nothing`
  })
  writeFileSync(file, `declare const console: { log(...values: unknown[]): void }\n${used.join('\n')}\n`)
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    types: [],
    lib: ['lib.esnext.d.ts'],
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
  })
  const problems = ts
    .getPreEmitDiagnostics(program)
    .map(each => ts.flattenDiagnosticMessageText(each.messageText, '\n'))
  expect(problems).toEqual([])
})
