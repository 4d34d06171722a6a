/** Until then (milliseconds since the epoch) a version stays; only the governance mode can be bypassed. */
export type Lock = { mode: 'GOVERNANCE' | 'COMPLIANCE'; until: number }
