import type { NewResource } from './resource.ts'

// On-demand list prices of us-east-1 in US dollars per hour, read in November 2026. The world's report is
// about proportions, so regional differences are left out.
const instancePrices: Record<string, number> = {
  't2.micro': 0.0116,
  't2.medium': 0.0464,
  't3.micro': 0.0104,
  't3.small': 0.0208,
  't3.medium': 0.0416,
  't3.large': 0.0832,
  't4g.medium': 0.0336,
  'm5.large': 0.096,
  'm6i.large': 0.096,
  'c5.large': 0.085,
}
const publicAddressPrice = 0.005
const natGatewayPrice = 0.045
const healthCheckPrice = 0.5 / 730
const volumePricePerGigabyteHour = 0.08 / 730

/** What a resource costs per hour in US dollars; things that AWS does not charge for cost 0. */
export function priceOf(resource: NewResource): number {
  const attributes = resource.attributes ?? {}
  switch (resource.type) {
    case 'instance':
      return (instancePrices[String(attributes.instanceType)] ?? 0.0416) + publicAddressPrice
    case 'elastic-ip':
      return publicAddressPrice
    case 'volume':
      return Number(attributes.size ?? 20) * volumePricePerGigabyteHour
    case 'load-balancer':
      return attributes.type === 'network' ? 0.0225 : 0.025
    case 'natgateway':
      return natGatewayPrice
    case 'health-check':
      return healthCheckPrice
    default:
      return 0
  }
}
