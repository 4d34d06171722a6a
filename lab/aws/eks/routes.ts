const cluster = '/clusters/([^/]+)'
const entry = `${cluster}/access-entries/([^/]+)`

// Method and path of each operation, as the service's model has them; what stands in parentheses are its parameters.
const table: [operation: string, method: string, path: string][] = [
  ['ListClusters', 'GET', '/clusters'],
  ['DescribeCluster', 'GET', cluster],
  ['UpdateClusterConfig', 'POST', `${cluster}/update-config`],
  ['DescribeUpdate', 'GET', `${cluster}/updates/([^/]+)`],
  ['ListNodegroups', 'GET', `${cluster}/node-groups`],
  ['DescribeNodegroup', 'GET', `${cluster}/node-groups/([^/]+)`],
  ['ListAccessEntries', 'GET', `${cluster}/access-entries`],
  ['CreateAccessEntry', 'POST', `${cluster}/access-entries`],
  ['DescribeAccessEntry', 'GET', entry],
  ['DeleteAccessEntry', 'DELETE', entry],
  ['ListAssociatedAccessPolicies', 'GET', `${entry}/access-policies`],
  ['AssociateAccessPolicy', 'POST', `${entry}/access-policies`],
]
const routes = table.map(([operation, method, path]) => ({
  operation,
  method,
  pattern: new RegExp(`^${path}/?$`),
}))

/** The operation that a request asks for, with the parameters of its path. */
export function findRoute(method: string, path: string): { operation: string; parameters: string[] } {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null
    if (match) return { operation: route.operation, parameters: match.slice(1).map(decodeURIComponent) }
  }
  return { operation: 'UnknownOperation', parameters: [] }
}
