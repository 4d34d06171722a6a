import type { Parser } from '@meridian/runner'

/** Where the state of clusters lies: a bucket, and a path in it that ends without a slash, '' for all of it. */
export type StoreLocation = { readonly bucket: string; readonly path: string }

/** A bucket's name: no empty label, none that begins or ends with a hyphen, and no address. */
const bucket = /^(?!.*(\.\.|\.-|-\.))(?!\d+(\.\d+){3}$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const segment = /^[A-Za-z0-9][A-Za-z0-9._=-]*$/
const longestPath = 400

/** A bucket's name, as an input gives it. */
export const bucketName: Parser<string> = raw => {
  if (!bucket.test(raw))
    throw new Error("must be a bucket's name: 3 to 63 characters of a–z, 0–9, '.' and '-'")
  return raw
}

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

/** Where the lease on a cluster lies in its store. */
export function leaseKey(store: Pick<StoreLocation, 'path'>, fullName: string): string {
  return inStore(store, `${fullName}.lease.json`)
}
