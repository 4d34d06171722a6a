import { isDeepStrictEqual } from 'node:util'
import { test } from 'vitest'
import { shipDefinition, shipsPath } from './contract-ships.ts'
import { startGenuineServer } from './genuine-server.ts'
import { patchTypes, startTestServer } from './test-server.ts'

const pick = <T>(xs: readonly T[]) => xs[Math.floor(Math.random() * xs.length)] as T
const maybe = <T>(p: number, f: () => T) => (Math.random() < p ? f() : undefined)
function spec() {
  const s: Record<string, unknown> = {}
  const put = (k: string, v: unknown) => {
    if (v !== undefined) s[k] = v
  }
  put(
    'size',
    maybe(0.5, () => pick([1, 2])),
  )
  put(
    'captain',
    maybe(0.4, () => pick(['ann', 'bob'])),
  )
  put(
    'tags',
    maybe(0.4, () => ['a', 'b', 'c'].filter(() => Math.random() < 0.5)),
  )
  put(
    'holds',
    maybe(0.5, () =>
      ['aft', 'fore', 'mid']
        .filter(() => Math.random() < 0.5)
        .map(name => ({ name, ...(Math.random() < 0.6 ? { weight: pick([1, 2]) } : {}) })),
    ),
  )
  put(
    'box',
    maybe(0.3, () =>
      Object.fromEntries(['x', 'y'].filter(() => Math.random() < 0.5).map(k => [k, pick(['1', '2'])])),
    ),
  )
  put(
    'notes',
    maybe(0.4, () =>
      Object.fromEntries(['x', 'y'].filter(() => Math.random() < 0.5).map(k => [k, pick(['1', '2'])])),
    ),
  )
  return s
}
test('fuzz', async () => {
  const real = await startGenuineServer()
  const sim = await startTestServer()
  const both = [sim.call, real.call]
  for (const c of both) {
    await c('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', { body: shipDefinition })
    while ((await c('GET', shipsPath)).status !== 200) await new Promise(r => setTimeout(r, 50))
  }
  const norm = (a: any) => {
    const m = a.body.metadata ?? {}
    return {
      status: a.status,
      message: a.body.message,
      spec: a.body.spec,
      st: a.body.status,
      gen: m.generation,
      labels: m.labels,
      mf: (m.managedFields ?? [])
        .map((e: any) => ({ m: e.manager, o: e.operation, s: e.subresource, f: e.fieldsV1 }))
        .sort((a: any, b: any) => (a.m + a.o + a.s < b.m + b.o + b.s ? -1 : 1)),
    }
  }
  let bad = 0
  for (let i = 0; i < 400 && bad < 12; i++) {
    const trail: string[] = []
    for (let j = 0; j < 5; j++) {
      const name = `f${i}`
      const m = pick(['m1', 'm2', 'm3'])
      const op = pick(['apply', 'apply', 'apply', 'merge', 'status', 'label'] as const)
      const path = `${shipsPath}/${name}${op === 'status' ? '/status' : ''}?fieldManager=${m}${op === 'apply' && Math.random() < 0.3 ? '&force=true' : ''}`
      const sp = spec()
      const meta = {
        name,
        ...(op === 'label' || Math.random() < 0.2 ? { labels: { a: pick(['1', '2']) } } : {}),
      }
      const body =
        op === 'apply'
          ? { apiVersion: 'contract.example.com/v1', kind: 'Ship', metadata: meta, spec: sp }
          : op === 'merge'
            ? { spec: sp }
            : op === 'status'
              ? { status: { size: pick([1, 2]) } }
              : { metadata: { labels: { a: pick(['1', '2', null]) } } }
      const type = op === 'apply' ? patchTypes.apply : patchTypes.merge
      trail.push(`${op} ${path.split('?')[1]} ${JSON.stringify(body)}`)
      const [a, b] = await Promise.all(both.map(c => c('PATCH', path, { body, type })))
      const [x, y] = [norm(a), norm(b)]
      if (!isDeepStrictEqual(x, y)) {
        bad++
        console.log(trail.join('\n') + '\nSIM  ' + JSON.stringify(x) + '\nREAL ' + JSON.stringify(y))
        break
      }
    }
  }
  console.log('bad', bad)
  await real.close()
  await sim.server.close()
}, 300_000)
