import { Address4, Address6 } from 'ip-address'
import type { Parser } from './parsers.ts'

/**
 * A network such as `203.0.113.0/24` or `2001:db8::/32`, by one parser for all inputs. One whose address has bits beyond its
 * length is refused, since AWS would store another than was given.
 */
export const cidr: Parser<string> = raw => {
  const address = readAddress(raw)
  if (address === undefined) throw new Error("must be a network such as '203.0.113.0/24'")
  if (!raw.includes('/'))
    throw new Error(
      `must be a network: '${raw}/${address instanceof Address4 ? 32 : 128}' for this address alone`,
    )
  const first = address.startAddress().correctForm()
  if (first !== address.correctForm())
    throw new Error(`must be the network's first address: '${first}/${address.subnetMask}'`)
  return `${first}/${address.subnetMask}`
}

/** The network that an address with a length lies in: without the bits beyond it. Undefined for anything else. */
export function networkOf(raw: string): string | undefined {
  const address = readAddress(raw)
  return address && `${address.startAddress().correctForm()}/${address.subnetMask}`
}

function readAddress(raw: string): Address4 | Address6 | undefined {
  if (Address4.isValid(raw)) return new Address4(raw)
  return Address6.isValid(raw) ? new Address6(raw) : undefined
}
