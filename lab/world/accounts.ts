/** Account numbers and whose access keys are whose. */
export type Accounts = {
  /** The account of everybody who has not been given another one. */
  readonly main: string
  all(): readonly string[]
  /** Throws on a number that is none; an account that is there already stays as it is. */
  add(id: string): void
  /** Lets an access key belong to an account. */
  assign(accessKey: string, account: string): void
  /** The account of an access key; requests without a known one are counted with the main account, and refused. */
  of(accessKey: string | undefined): string
}

/** The accounts of a world, at first one; keys that were not assigned are that one's. */
export function createAccounts(main: string): Accounts {
  const known = new Set([main])
  const owners = new Map<string, string>()
  return {
    main,
    all: () => [...known],
    add(id) {
      if (!/^\d{12}$/.test(id)) throw new Error(`an AWS account has a number of 12 digits, not '${id}'`)
      known.add(id)
    },
    assign: (accessKey, account) => void owners.set(accessKey, account),
    of: accessKey => owners.get(accessKey ?? '') ?? main,
  }
}
