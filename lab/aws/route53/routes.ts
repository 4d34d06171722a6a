import type { AwsRequest } from '../protocol/aws-request.ts'

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
  ['DeleteHostedZone', 'DELETE', '/hostedzone/ID'],
  ['GetChange', 'GET', '/change/ID'],
  ['TestDNSAnswer', 'GET', '/testdnsanswer'],
  ['ListTagsForResource', 'GET', '/tags/hostedzone/ID'],
  ['ChangeTagsForResource', 'POST', '/tags/hostedzone/ID'],
].map(([operation = '', method = '', path = '']) => ({
  operation,
  method,
  pattern: new RegExp(`^/2013-04-01${path.replace('ID', '([^/]+)')}/?$`),
}))

/** The operation of a request and the identifier in its path ('' where there is none). */
export function findRoute({ method, path }: AwsRequest): { operation: string; id: string } {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null
    if (match) return { operation: route.operation, id: decodeURIComponent(match[1] ?? '') }
  }
  return { operation: 'UnknownOperation', id: '' }
}
