/** Where a signed request says it is meant for: `<key>/<date>/<region>/<service>/aws4_request`. */
export type Scope = { accessKey?: string; region: string; service?: string }

/** Reads the scope from the Authorization header or from a presigned URL; unsigned requests have no service. */
export function readScope(authorization: string | undefined, query: URLSearchParams): Scope {
  const credential = /Credential=([^,\s]+)/.exec(authorization ?? '')?.[1] ?? query.get('X-Amz-Credential')
  const [accessKey, , region, service] = (credential ?? '').split('/')
  if (!accessKey || !region || !service) return { region: 'us-east-1' }
  return { accessKey, region, service }
}

/** Whether the request carries a signature at all. */
export function isSigned(authorization: string | undefined, query: URLSearchParams): boolean {
  return /Signature=[0-9a-f]{64}/.test(authorization ?? '') || query.has('X-Amz-Signature')
}
