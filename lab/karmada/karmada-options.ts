import type { FindServer } from '@meridian/lab-clusters'

/** `bare`: only the API server runs; whoever wants more of Karmada starts its own programs. */
export type KarmadaOptions = { findServer: FindServer; bare: boolean }
