import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect } from 'vitest'
import type { TargetName } from '../../testing/open-target.ts'
import type { ContractZone } from './contract-zone.ts'

/** One rule of Route 53, told through the API alone. It is expected to fail where a deviation is named. */
export type ContractCase = {
  rule: string
  run(zone: ContractZone): Promise<void>
  /** Why an implementation does not follow the rule. */
  deviations?: Partial<Record<TargetName, string>>
}

/** Expects a refusal by its error code, and that it left the records of the zone as they were. */
export async function expectRefused(
  zone: ContractZone,
  code: string,
  attempt: () => Promise<unknown>,
): Promise<void> {
  const before = await zone.names()
  expect((await refusalOf(attempt())).name).toBe(code)
  expect(await zone.names()).toEqual(before)
}

export const unimplemented = {
  moto: 'the operation is not implemented',
  ministack: 'the operation is not implemented',
}
