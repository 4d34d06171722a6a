import { withZone } from '@meridian/lab-route53/testing'
import type { WorldOptions } from '@meridian/lab-world'
import { openAccount } from './open-account.ts'

/** The zone example.com in an account that has all of AWS. */
export const openZone = async (options?: WorldOptions) => withZone(await openAccount(options))
