/** Where a lease is written. Its functions are called one after the other, never two at once. */
export type LeaseStore = {
  /** Reads who has it; what is written next is written over what was read. */
  look(): Promise<LeaseSight>
  /** Writes it anew as this holder's, or as given back: over what was read or written last, and nothing else. */
  write(released: boolean): Promise<void>
  /** Whether a write was refused since it is no longer what was read or written last. */
  isOvertaken(error: unknown): boolean
}

export type LeaseSight = {
  readonly whose: 'ours' | 'free' | 'another'
  /** Who has it, or had it last, in words; undefined where it is not there. */
  readonly holder?: string
}
