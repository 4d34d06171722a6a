/** Values of condition keys that a request itself has. */
export type Context = Readonly<Record<string, readonly string[]>>

/** One permission that a request needs, on one resource; AWS asks for all that a request needs. */
export type Need = {
  permission: string
  /** ARN, or `*` where a policy can name none. */
  resource: string
  /** Of the resource, where it exists. */
  tags?: Readonly<Record<string, string>>
  /** Condition keys of the request that policies can be about. */
  context?: Context
}
