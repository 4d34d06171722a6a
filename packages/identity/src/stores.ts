/** Where the state of clusters lies: a bucket, and a path in it that ends without a slash, '' for all of it. */
export type StoreLocation = { readonly bucket: string; readonly path: string }

const bucket = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const segment = /^[A-Za-z0-9][A-Za-z0-9._=-]*$/
const longestPath = 400

/** Reads `s3://bucket` or `s3://bucket/path`; throws an Error that says what is allowed. */
export function parseStore(raw: string): StoreLocation {
  const [, name = '', rest = ''] = /^s3:\/\/([^/]*)(\/.*)?$/.exec(raw) ?? []
  const path = rest.replace(/^\/|\/$/g, '')
  const fits =
    path === '' || (path.length <= longestPath && path.split('/').every(part => segment.test(part)))
  if (!bucket.test(name) || !fits) throw new Error('must be s3://<bucket> or s3://<bucket>/<path>')
  return { bucket: name, path }
}

/** `s3://bucket/path`, as kops takes it. */
export function formatStore({ bucket, path }: StoreLocation): string {
  return `s3://${bucket}${path === '' ? '' : `/${path}`}`
}

const inStore = ({ path }: Pick<StoreLocation, 'path'>, key: string) => (path === '' ? key : `${path}/${key}`)

/** The prefix of everything that kops keeps of a cluster. */
export function clusterFolder(store: Pick<StoreLocation, 'path'>, fullName: string): string {
  return `${inStore(store, fullName)}/`
}

/** The claim and the lease lie beside the folder: kops refuses to delete one that holds a file it does not know. */
export function claimKey(store: Pick<StoreLocation, 'path'>, fullName: string): string {
  return inStore(store, `${fullName}.claim.json`)
}

export function leaseKey(store: Pick<StoreLocation, 'path'>, fullName: string): string {
  return inStore(store, `${fullName}.lease.json`)
}
