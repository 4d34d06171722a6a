import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLab } from './in-process.ts'

type Statement = {
  Action: string | string[]
  Condition?: { 'ForAllValues:StringEquals': Record<string, string[]> }
}

const root = join(import.meta.dirname, '../../..')

async function readPolicy(): Promise<Statement[]> {
  const readme = await readFile(join(root, 'actions/latency-dns/README.md'), 'utf8')
  return JSON.parse(/```json\n(.*?)```/s.exec(readme)?.[1] ?? '').Statement
}

async function commandsOf(directory: string): Promise<string[]> {
  const all = await readdir(join(root, directory), { recursive: true })
  const files = all.filter(file => file.endsWith('.ts'))
  const sources = await Promise.all(files.map(file => readFile(join(root, directory, file), 'utf8')))
  return sources.flatMap(source =>
    [...source.matchAll(/new (\w+)Command\(/g)].map(([, name]) => `route53:${name}`),
  )
}

test('the policy in the README allows every call that is made, and no other', async () => {
  const allowed = (await readPolicy()).flatMap(({ Action }) => Action)
  const made = new Set([
    ...(await commandsOf('packages/dns/src')),
    ...(await commandsOf('actions/latency-dns/src')),
  ])
  expect(allowed.toSorted()).toEqual([...made].sort())
})

test('its conditions admit what is written', async () => {
  const conditions = (await readPolicy()).flatMap(({ Condition }) => Condition ?? [])[0]
  const [names = [], types = []] = Object.values(conditions?.['ForAllValues:StringEquals'] ?? {})
  await using lab = await openLab()
  for (const type of ['cname', 'alias']) {
    const hostname = 'a-1.us-east-1.elb.amazonaws.com'
    await lab.run({ record: 'hugo-fed', type, endpoints: `us-east-1: ${hostname}`, wait: 'false' })
    for (const set of lab.stored('hugo-fed')) {
      expect(names).toContain(set.name.replace(/\.$/, ''))
      expect(types).toContain(set.type)
    }
  }
})
