/** What every name follows from: a domain and, where there are several federations under it, an environment. */
export type Place = { readonly domain: string; readonly environment?: string | undefined }

/** A repository as GitHub knows it. The id survives a rename; '' where it is not known. */
export type Repository = { readonly id: string; readonly name: string }

/** Whom a run acts for, and, where they apply, the one thing that it acts on. */
export type Identity = Place & {
  /** Both '' outside GitHub. */
  readonly repository: Repository
  /** Stands for the environment in marks, where an input says so. */
  readonly owner?: string | undefined
  /** Full name of the cluster. */
  readonly cluster?: string | undefined
  /** Of the cluster. It tells where to look, and not whose it is. */
  readonly region?: string | undefined
  /** The 12 digits of the AWS account. */
  readonly account?: string | undefined
  /** The app within the environment. */
  readonly app?: string | undefined
}

/** What marks call the only environment of a domain. */
export const noEnvironment = 'default'

/** The owner of an identity's things: the environment, or `default` where there is none. */
export function ownerOf({ owner, environment }: Pick<Identity, 'owner' | 'environment'>): string {
  return owner ?? environment ?? noEnvironment
}

/** `pr-42.k8s.example.com`, or `k8s.example.com` for the only environment of a domain. */
export function rootOf({ environment, domain }: Place): string {
  return environment === undefined ? domain : `${environment}.${domain}`
}

/** Equal ids, or equal names where an id is not known on both sides. GitHub's names ignore case. */
export function isSameRepository(one: Repository, other: Repository): boolean {
  if (one.id !== '' && other.id !== '') return one.id === other.id
  return one.name.toLowerCase() === other.name.toLowerCase()
}
