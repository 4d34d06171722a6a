import { expect, test } from 'vitest'
import { describeContract } from './contract.ts'
import { type Plural, pathOf, validObjects, withValue } from './kinds.ts'
import { newOnes } from './refusals.ts'

describeContract('kinds of Kubernetes', server => {
  test.each(newOnes)('%s: %s = %j is refused', async (plural, path, value, problem) => {
    const body = withValue(validObjects[plural], path, value)
    const answer = await server.call('POST', `${pathOf(plural)}?dryRun=All`, { body })
    expect(answer.status).toBe(422)
    expect(answer.body.message).toContain(problem)
    const [field = ''] = problem.split(': ')
    expect(answer.body.details).toMatchObject({
      causes: expect.arrayContaining([expect.objectContaining({ field })]),
    })
  })

  test.each(Object.keys(validObjects) as Plural[])('%s as small as they may be are taken', async plural => {
    const { status } = await server.call('POST', `${pathOf(plural)}?dryRun=All`, {
      body: validObjects[plural],
    })
    expect(status).toBe(201)
  })
})
