import { type Fields, fieldsAt, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { beforeAll, describe, expect, test } from 'vitest'
import { describeContract } from './contract.ts'
import { definition, definitionRefusals, object, service, version, webhook } from './definition-refusals.ts'
import { schemaRefusals } from './schema-refusals.ts'

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
/** `spec.group Invalid: why`; the why only where it is expected, and without the value that it is told of. */
function problemsOf(body: Fields, expected: readonly string[]): string[] {
  return listAt(body, 'details', 'causes').map((cause, index) => {
    const told = `${textAt(cause, 'field')} ${textAt(cause, 'reason').replace('FieldValue', '')}`
    const [, why] = expected[index]?.split(': ') ?? []
    const message = textAt(cause, 'message')
    return why === undefined ? told : `${told}: ${message.endsWith(`: ${why}`) ? why : message}`
  })
}

describeContract('definitions', server => {
  for (const [title, refused] of Object.entries({ ...definitionRefusals, ...schemaRefusals }))
    describe(`are refused for their ${title}:`, () => {
      test.each(refused)('%s', async (_, body, ...problems) => {
        const answer = await server.call('POST', `${definitions}?dryRun=All`, { body })
        expect([answer.status, problemsOf(answer.body, problems)]).toEqual([422, problems])
      })
    })

  test('are filled in', async () => {
    const { body } = await server.call('POST', `${definitions}?dryRun=All`, { body: definition() })
    expect(fieldsAt(body, 'spec')).toMatchObject({
      conversion: { strategy: 'None' },
      names: { plural: 'kites', singular: 'kite', kind: 'Kite', listKind: 'KiteList' },
    })
    const asking = await server.call('POST', `${definitions}?dryRun=All`, { body: webhook(service) })
    expect(valueAt(asking.body, 'spec', 'conversion', 'webhook', 'clientConfig', 'service', 'port')).toBe(443)
  })

  describe('that are established', () => {
    const kite = `${definitions}/kites.rules.example.com`

    beforeAll(async () => {
      const versions = [version(), version('v2', object({ spec: object() }))]
      await server.call('POST', definitions, { body: definition({ versions }) })
      const isServed = async () =>
        (await server.call('GET', '/apis/rules.example.com/v1/namespaces/default/kites')).status === 200
      while (!(await isServed())) await new Promise(resolve => setTimeout(resolve, 50))
    }, 90_000)

    test.each<[string, object, ...string[]]>([
      ['their kind', { names: { kind: 'Dragon' } }, 'spec.names.kind Invalid: field is immutable'],
      ['their scope', { scope: 'Cluster' }, 'spec.scope Invalid: field is immutable'],
      ['their group', { group: 'other.example.com' }, 'spec.group Invalid: field is immutable'],
      [
        'a version that was stored',
        { versions: [version('v2', object(), { storage: true })] },
        'status.storedVersions[0] Invalid',
      ],
    ])('keep %s', async (_, spec, ...problems) => {
      const { status, body } = await server.merge(kite, { spec })
      expect([status, problemsOf(body, problems)]).toEqual([422, problems])
    })
  })
})
