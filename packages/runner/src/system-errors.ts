import { causesOf, UserError } from './errors.ts'

export type Remedy = { readonly codes: RegExp; readonly what: string; readonly fix: string }

/** What a machine or its network refuses, by Node's own codes, and what its owner does about it. */
export const remedies: readonly Remedy[] = [
  {
    codes: /^(ENOSPC|EDQUOT)$/,
    what: 'the disk of the runner is full',
    fix: 'Free space there, or take a runner with a larger disk, and run again: it goes on where this stopped.',
  },
  {
    codes: /^(EROFS|EACCES|EPERM)$/,
    what: 'the runner does not let the action write there',
    fix: 'Make it writable for the user of the job, or point RUNNER_TEMP and RUNNER_TOOL_CACHE at directories that are.',
  },
  {
    codes: /^(EMFILE|ENFILE|ENOMEM)$/,
    what: 'the runner has no more memory or open files to give',
    fix: 'Raise its limits (ulimit -n), run less beside it, or take a larger runner.',
  },
  {
    codes:
      /^(UNABLE_TO_|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE)/,
    what: 'the certificate of the server is not signed by anybody whom the runner trusts',
    fix: 'Where a proxy signs anew what passes through it, set NODE_EXTRA_CA_CERTS to a PEM file with its certificate in the env of the job.',
  },
  {
    codes: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    what: 'the certificate of the server is not valid today',
    fix: "Compare the runner's clock (date -u) with the right time; if it is right, the server's owner has to renew its certificate.",
  },
  {
    codes: /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/,
    what: 'the runner does not reach the server',
    fix: "See that the runner's network, its firewall and its proxy (HTTPS_PROXY, NO_PROXY) let it through, and run again.",
  },
]

/**
 * `what`, with the system's own words behind it, and the remedy; undefined where nothing below says what it was. A cause that
 * is explained already speaks for itself.
 */
export function explainSystemError(error: unknown): { what: string; fix: string } | undefined {
  for (const at of causesOf(error)) {
    if (at instanceof UserError) return { what: at.message, fix: at.fix }
    const { code, message } = at as NodeJS.ErrnoException
    const remedy = remedies.find(({ codes }) => typeof code === 'string' && codes.test(code))
    if (remedy) return { what: `${remedy.what}: ${message}`, fix: remedy.fix }
  }
}
