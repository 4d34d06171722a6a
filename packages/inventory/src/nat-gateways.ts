import { type Aws, filterParameters, itemsOf, queryEc2, tagsOf, textOf } from '@meridian/aws'

/** By this tag of a route table kops knows that the NAT gateway there is somebody else's. */
const shared = 'AssociatedNatgateway'

/** A cluster's own route table that leads to a NAT gateway which is not the cluster's. */
export type LedElsewhere = { readonly table: string; readonly gateway: string; readonly destination: string }

/**
 * NAT gateways to which a cluster's own route tables lead, and which are not the cluster's by their tags. kops takes what its
 * tables lead to for the cluster's, and deletes it with its address (`FindNatGateways` in kops' pkg/resources/aws), unless a
 * tag of the table or of the gateway says that it is shared.
 */
export async function gatewaysOfOthers(aws: Aws, fullName: string, region: string): Promise<LedElsewhere[]> {
  const own = filterParameters({ 'tag:KubernetesCluster': [fullName] })
  const led = (await queryEc2(aws, region, 'DescribeRouteTables', own))
    .flatMap(page => itemsOf(page.routeTableSet))
    .filter(table => tagsOf(table)[shared] === undefined)
    .flatMap(table =>
      itemsOf(table.routeSet).map(route => ({
        table: textOf(table, 'routeTableId'),
        gateway: textOf(route, 'natGatewayId'),
        destination: textOf(route, 'destinationCidrBlock'),
      })),
    )
    .filter(({ gateway }) => gateway !== '')
  if (led.length === 0) return []
  const ids = filterParameters({ 'nat-gateway-id': [...new Set(led.map(({ gateway }) => gateway))] })
  const strange = (await queryEc2(aws, region, 'DescribeNatGateways', ids))
    .flatMap(page => itemsOf(page.natGatewaySet))
    .filter(gateway => !/^delet/.test(textOf(gateway, 'state')))
    .filter(gateway => tagsOf(gateway)[`kubernetes.io/cluster/${fullName}`] === undefined)
    .map(gateway => textOf(gateway, 'natGatewayId'))
  return led.filter(({ gateway }) => strange.includes(gateway))
}
