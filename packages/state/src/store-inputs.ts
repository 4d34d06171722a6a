import { accountId } from '@meridian/aws'
import { formatStore, parseStore } from '@meridian/identity'
import { optional, type Parser } from '@meridian/runner'

const storeLocation: Parser<string> = raw => formatStore(parseStore(raw))

/** What an action that opens state stores takes, to be spread into `defineInputs`. */
export const storeInputs = {
  'state-store': optional(storeLocation),
  'state-store-account': optional(accountId),
}
