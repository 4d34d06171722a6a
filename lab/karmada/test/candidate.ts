import type { Candidate } from '../types.ts'

/** A healthy member to schedule to, with room for a hundred pods. */
export function candidate(name: string, given: Partial<Candidate> = {}): Candidate {
  return {
    name,
    labels: {},
    region: 'us-east-1',
    provider: 'aws',
    zones: ['us-east-1a'],
    taints: [],
    terminating: false,
    enables: () => true,
    free: () => 100,
    ...given,
  }
}
