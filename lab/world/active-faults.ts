import type { RequestFaults } from './request-faults.ts'

export type Faults = {
  /** As they were given, with their parameters. */
  names: readonly string[]
  active(name: string): boolean
  /** The number after the colon. */
  parameter(name: string): number | undefined
  /** What stands after the colon, for each time that the fault was given. */
  details(name: string): readonly string[]
  /** True for the first `times` calls with this key while the fault is active, then false for ever. */
  strike(name: string, key: string, times: number): boolean
  /** Faults of single requests, planned by tests. */
  requests: RequestFaults
  /** Lets a fault begin while the world runs, and end. */
  begin(fault: string): void
  end(name: string): void
}
