import type { AwsRequest } from '@meridian/lab-aws-protocol'

type Route = { operation: string; method: string; pattern: RegExp }

const routes: Route[] = [
  ['ListHostedZonesByName', 'GET', '/hostedzonesbyname'],
  ['GetHostedZoneCount', 'GET', '/hostedzonecount'],
  ['ListHostedZones', 'GET', '/hostedzone'],
  ['CreateHostedZone', 'POST', '/hostedzone'],
  ['ListResourceRecordSets', 'GET', '/hostedzone/ID/rrset'],
  ['ChangeResourceRecordSets', 'POST', '/hostedzone/ID/rrset'],
  ['ListResourceRecordSetProtections', 'GET', '/hostedzone/ID/rrsetprotection'],
  ['CreateResourceRecordSetProtections', 'POST', '/hostedzone/ID/rrsetprotection'],
  ['DeleteResourceRecordSetProtections', 'POST', '/hostedzone/ID/rrsetprotection/delete'],
  ['GetHostedZone', 'GET', '/hostedzone/ID'],
  ['UpdateHostedZoneComment', 'POST', '/hostedzone/ID'],
  ['DeleteHostedZone', 'DELETE', '/hostedzone/ID'],
  ['GetHostedZoneLimit', 'GET', '/hostedzonelimit/ID/ID'],
  ['GetAccountLimit', 'GET', '/accountlimit/ID'],
  ['GetChange', 'GET', '/change/ID'],
  ['TestDNSAnswer', 'GET', '/testdnsanswer'],
  ['ListHealthChecks', 'GET', '/healthcheck'],
  ['CreateHealthCheck', 'POST', '/healthcheck'],
  ['GetHealthCheckCount', 'GET', '/healthcheckcount'],
  ['GetHealthCheck', 'GET', '/healthcheck/ID'],
  ['UpdateHealthCheck', 'POST', '/healthcheck/ID'],
  ['DeleteHealthCheck', 'DELETE', '/healthcheck/ID'],
  ['ListTagsForResources', 'POST', '/tags/ID'],
  ['ListTagsForResource', 'GET', '/tags/ID/ID'],
  ['ChangeTagsForResource', 'POST', '/tags/ID/ID'],
].map(([operation = '', method = '', path = '']) => ({
  operation,
  method,
  pattern: new RegExp(`^/2013-04-01${path.replaceAll('ID', '([^/]+)')}/?$`),
}))

/** The operation of a request and the identifiers in its path, in their order. */
export function findRoute({ method, path }: AwsRequest): { operation: string; ids: string[] } {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null
    if (match) return { operation: route.operation, ids: match.slice(1).map(decodeURIComponent) }
  }
  return { operation: 'UnknownOperation', ids: [] }
}
