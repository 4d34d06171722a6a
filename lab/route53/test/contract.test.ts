import { importServer, isInstalled } from '@meridian/lab-world/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientFor, openOther, type Target, type TargetName } from '../testing/open-target.ts'
import { openContractZone } from './contract/contract-zone.ts'
import { listingCases } from './contract/listing-cases.ts'
import { otherCases } from './contract/other-cases.ts'
import { recordCases } from './contract/record-cases.ts'

const cases = [...recordCases, ...listingCases, ...otherCases]

async function openLab(): Promise<Target> {
  const { startRoute53 } = await importServer('@meridian/route53-server', () => import('../server.ts'))
  const { endpoint, credentials, close } = await startRoute53({ speed: 10_000 })
  return { endpoint, credentials, route53: clientFor(endpoint, credentials), close }
}

/** What is looked for on PATH, or where the variable says. */
const commands: Record<TargetName, string> = {
  lab: '',
  moto: 'moto_server (or MERIDIAN_MOTO_SERVER)',
  ministack: 'ministack (or MERIDIAN_MINISTACK)',
}

const targets: TargetName[] = isInstalled ? ['lab'] : ['lab', 'moto', 'ministack']

describe.each(targets)(`Route 53 of %s${isInstalled ? ', as its package' : ''}`, name => {
  let target: Target | undefined
  beforeAll(async () => {
    target = await (name === 'lab' ? openLab() : openOther(name))
  })
  afterAll(() => target?.close())

  test.for(cases)('$rule', async ({ run, deviations, rule }, { skip }) => {
    if (!target) return skip(`skipped: ${commands[name]} not found`)
    const attempt = openContractZone(target.route53).then(run)
    const reason = deviations?.[name]
    if (reason === undefined) await attempt
    else await expect(attempt, `${name} follows "${rule}" now, although ${reason}`).rejects.toThrow()
  })
})
