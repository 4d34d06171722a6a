import type { Parser } from '@meridian/runner'

/** The id of a hosted zone, as an input gives it. */
export const zoneId: Parser<string> = raw => {
  if (!/^(\/hostedzone\/)?Z[A-Z0-9]{1,31}$/.test(raw))
    throw new Error("must be a hosted zone's id such as 'Z0123456789ABC'")
  return raw
}
