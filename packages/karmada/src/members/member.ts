/** Where a member is, for the scheduler, and which cluster it is, for its mark. */
export type Member = {
  name: string
  region: string
  zones: readonly string[]
  provider: string
  fullName?: string | undefined
  /** The AWS account that it is in, where that is known. */
  account?: string | undefined
  /** What its endpoint verifies by, base64, where that is known better than the tokens of its accounts tell. */
  caBundle?: string | undefined
}

/** What the control plane needs to act in a member. Data is base64, as Secrets hold it. */
export type Credentials = { caBundle: string; token: string; impersonatorToken: string }
