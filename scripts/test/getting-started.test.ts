import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { repository } from '../action-files.ts'

const read = (path: string) => readFileSync(join(repository, path), 'utf8')
const page = read('docs/getting-started.md')
const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)]
  .map(([, text = '']) => text.replaceAll('\\\n', ' '))
  .join('\n')
const found = (pattern: RegExp, text = commands) => [...text.matchAll(pattern)].map(([, ...groups]) => groups)

describe('getting-started', () => {
  test('gives workflows only inputs that they have', () => {
    const runs = found(/gh workflow run (\S+)(.*)/g)
    expect(runs.length).toBeGreaterThan(3)
    const unknown = runs.flatMap(([file, rest]) => {
      const { on } = parse(read(`.github/workflows/${file}`)) as {
        on: { workflow_dispatch: { inputs: Record<string, unknown> } }
      }
      const known = Object.keys(on.workflow_dispatch.inputs)
      return found(/-f ([\w-]+)=/g, rest)
        .flat()
        .filter(name => name !== undefined && !known.includes(name))
    })
    expect(unknown).toEqual([])
  })

  test('names every variable that the workflows read, and no other', () => {
    const files = ['up', 'down', 'reap'].map(name => read(`.github/workflows/${name}.yml`)).join('\n')
    const wanted = new Set(found(/vars\.(\w+)/g, files).flat())
    expect(new Set(found(/^\| `(MERIDIAN_\w+)`/gm, page).flat())).toEqual(wanted)
    const set = found(/gh variable set (\w+)/g).flat()
    expect(set.filter(name => !wanted.has(name))).toEqual([])
  })

  test('gives each stack all parameters that have no default, and only those that there are', () => {
    const template = read('infra/cloudformation.yaml')
    const { Parameters } = parse(template, { logLevel: 'error' }) as {
      Parameters: Record<string, { Default?: string }>
    }
    const needed = Object.keys(Parameters).filter(name => Parameters[name]?.Default === undefined)
    const stacks = found(/--parameter-overrides (.*)/g).flat()
    expect(stacks).toHaveLength(2)
    for (const stack of stacks) {
      const given = found(/(?:^| )([A-Z]\w+)=/g, stack).flat()
      expect(given).toEqual(expect.arrayContaining(needed))
      expect(given.filter(name => name === undefined || !(name in Parameters))).toEqual([])
    }
  })

  test('asks the stack for outputs that it has', () => {
    const { Outputs } = parse(read('infra/cloudformation.yaml'), { logLevel: 'error' }) as { Outputs: object }
    expect(found(/\$\(output (\w+)\)/g).flat()).toEqual(Object.keys(Outputs))
  })

  test('gives the module of Terraform every variable that has no default, and only those that there are', () => {
    const blocks = found(/variable "(\w+)" \{([^}]*)/g, read('infra/terraform/variables.tf'))
    const needed = blocks.filter(([, body = '']) => !/\bdefault\b/.test(body)).map(([name]) => name)
    const [example = ''] = found(/```hcl\n([\s\S]*?)```/g, page).flat()
    const given = found(/^ {2}(\w+) +=/gm, example)
      .flat()
      .filter(name => name !== 'source')
    expect(given.sort()).toEqual(needed.sort())
  })
})

const pages = [
  'README.md',
  'examples/README.md',
  ...readdirSync(join(repository, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
]

test.each(pages)('%s links only files that there are', name => {
  const links = found(/\]\(((?!https?:|#)[^)#\s]+)/g, read(name)).flat() as string[]
  expect(links.filter(link => !existsSync(join(repository, dirname(name), link)))).toEqual([])
})
