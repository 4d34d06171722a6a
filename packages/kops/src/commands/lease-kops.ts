import type { Lease } from '@meridian/runner'
import type { Kops } from './connect.ts'

/** kops as the holder of a lease may run it: confirmed before each command, and stopped when the lease is lost. */
export function leaseKops(kops: Kops, lease: Lease): Kops {
  return {
    ...kops,
    async run(cluster, args, options = {}) {
      await lease.confirm()
      const signal = AbortSignal.any([lease.signal, ...(options.signal ? [options.signal] : [])])
      return kops.run(cluster, args, { ...options, signal })
    },
  }
}
