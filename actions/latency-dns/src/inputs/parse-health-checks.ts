import type { HealthChecks } from '@meridian/dns'
import { noHealthCheck } from '@meridian/dns/inputs'
import { type Parser, yamlOf } from '@meridian/runner'
import * as z from 'zod/mini'

const map = z.record(z.string(), z.string('must be the id of a health check'))

/** Ids of Route 53 health checks as a map `region: id`; `none` takes one off. */
export const healthChecks: Parser<HealthChecks> = raw => {
  const checks = yamlOf(map)(raw)
  for (const [region, id] of Object.entries(checks)) {
    if (!/^[\w-]{1,64}$/.test(id))
      throw new Error(
        `has '${id.slice(0, 80)}' for ${region}, which must be a health check's id, or '${noHealthCheck}'`,
      )
  }
  return checks
}
