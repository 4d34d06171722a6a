import type { XmlNode } from '@meridian/lab-aws-protocol'
import type { Building } from './building.ts'
import { tagEc2 } from './cloud/ec2-kinds.ts'
import { type Found, list, read, readTags } from './cloud/read-xml.ts'
import { filters, tagSpecification } from './cloud/write-tags.ts'
import type { Parameters } from './cloud-client.ts'
import { runTask } from './run-task.ts'

type Row = readonly [
  group: string,
  way: 'Ingress' | 'Egress',
  protocol: string,
  from: string,
  to: string,
  peer: string,
]

/** What kops allows in a network of its own with cilium. A peer is a group, or `admin` and `ssh` for their networks. */
const rows: readonly Row[] = [
  ['api-elb', 'Egress', '-1', '', '', '0.0.0.0/0'],
  ['api-elb', 'Egress', '-1', '', '', '::/0'],
  ['api-elb', 'Ingress', '-1', '', '', 'nodes'],
  ['api-elb', 'Ingress', 'icmp', '3', '4', 'masters'],
  ['api-elb', 'Ingress', 'tcp', '443', '443', 'admin'],
  ['masters', 'Egress', '-1', '', '', '0.0.0.0/0'],
  ['masters', 'Egress', '-1', '', '', '::/0'],
  ['masters', 'Ingress', '-1', '', '', 'masters'],
  ['masters', 'Ingress', 'icmp', '3', '4', 'api-elb'],
  ['masters', 'Ingress', 'tcp', '1', '2379', 'nodes'],
  ['masters', 'Ingress', 'tcp', '22', '22', 'ssh'],
  ['masters', 'Ingress', 'tcp', '2382', '4000', 'nodes'],
  ['masters', 'Ingress', 'tcp', '3988', '3988', 'api-elb'],
  ['masters', 'Ingress', 'tcp', '4003', '65535', 'nodes'],
  ['masters', 'Ingress', 'tcp', '443', '443', 'api-elb'],
  ['masters', 'Ingress', 'udp', '1', '65535', 'nodes'],
  ['nodes', 'Egress', '-1', '', '', '0.0.0.0/0'],
  ['nodes', 'Egress', '-1', '', '', '::/0'],
  ['nodes', 'Ingress', '-1', '', '', 'masters'],
  ['nodes', 'Ingress', '-1', '', '', 'nodes'],
  ['nodes', 'Ingress', 'tcp', '22', '22', 'ssh'],
]

type Wanted = { way: 'Ingress' | 'Egress'; protocol: string; from: string; to: string; peer: string }

/** Gives a security group the rules that it lacks, and its name to the one that EC2 has made. */
export async function tieRules(building: Building, group: Found): Promise<void> {
  const { kops, cloud, found } = building
  const groupId = (name: string) =>
    found.find(each => each.type === 'security-group' && each.name.startsWith(`${name}.`))?.id
  const wanted = wantedRules(building, group.name.split('.')[0] ?? '')
  const asked = filters({ 'group-id': group.id })
  const there = list(await cloud.query('ec2', 'DescribeSecurityGroupRules', asked), 'securityGroupRuleSet')
  for (const rule of wanted) {
    const peer = /[.:]/.test(rule.peer) ? rule.peer : groupId(rule.peer)
    if (peer === undefined) continue
    const { KubernetesCluster = '' } = group.tags
    const Name = `from-${peer}-${rule.way.toLowerCase()}-${rule.protocol}-${rule.from}to${rule.to}-${group.name}`
    const { Name: _, ...others } = group.tags
    const tags = { ...others, KubernetesCluster, Name }
    const same = there.find(node => isSame(node, rule, peer))
    await runTask(kops, `SecurityGroupRule/${Name}`, async () => {
      if (same === undefined) {
        const parameters = {
          GroupId: group.id,
          ...permission(rule, peer),
          ...tagSpecification('security-group-rule', tags),
        }
        await cloud.query('ec2', `AuthorizeSecurityGroup${rule.way}`, parameters)
      } else if (readTags(same).Name === undefined) {
        const made: Found = { ...group, id: read(same, 'securityGroupRuleId') }
        await tagEc2(cloud, made, tags)
      }
    })
  }
}

function wantedRules({ cluster }: Building, group: string): Wanted[] {
  const networks: Record<string, readonly string[]> = {
    admin: (cluster.spec.kubernetesApiAccess ?? []) as string[],
    ssh: (cluster.spec.sshAccess ?? []) as string[],
  }
  return rows
    .filter(([owner]) => owner === group)
    .flatMap(([, way, protocol, from, to, peer]) =>
      (networks[peer] ?? [peer]).map(one => ({ way, protocol, from, to, peer: one })),
    )
}

function isSame(node: XmlNode, { way, protocol, from, to }: Wanted, peer: string): boolean {
  const ports = (element: string) => read(node, element).replace('-1', '')
  const others = [
    read(node, 'cidrIpv4'),
    read(node, 'cidrIpv6'),
    ...list(node, 'referencedGroupInfo', 'groupId').map(String),
  ]
  return (
    read(node, 'isEgress') === String(way === 'Egress') &&
    read(node, 'ipProtocol') === protocol &&
    ports('fromPort') === from &&
    ports('toPort') === to &&
    others.includes(peer)
  )
}

function permission({ protocol, from, to }: Wanted, peer: string): Parameters {
  const first = 'IpPermissions.1'
  const [place, field] = peer.includes(':')
    ? ['Ipv6Ranges', 'CidrIpv6']
    : peer.startsWith('sg-')
      ? ['Groups', 'GroupId']
      : ['IpRanges', 'CidrIp']
  return {
    [`${first}.IpProtocol`]: protocol,
    ...(from !== '' && { [`${first}.FromPort`]: from, [`${first}.ToPort`]: to }),
    [`${first}.${place}.1.${field}`]: peer,
  }
}
