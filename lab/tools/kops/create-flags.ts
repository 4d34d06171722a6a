import type { Flag, FlagKind } from '../flags.ts'

const everywhere = '0.0.0.0/0,::/0'

function flag(name: string, kind: FlagKind, usage: string, extra: Partial<Flag> = {}): Flag {
  return { name, kind, usage, ...extra }
}

function formerly(name: string, kind: FlagKind, replacement: string): Flag {
  return flag(name, kind, '', { deprecated: `use --${replacement} instead` })
}

const placement: Flag[] = [
  flag('zones', 'list', 'Zones in which to run the cluster'),
  flag('control-plane-zones', 'list', 'Zones in which to run control-plane nodes. (must be an odd number)'),
  flag('network-cidr', 'list', 'Network CIDR(s) to use'),
  flag('network-id', 'text', 'Shared Network or VPC to use'),
  flag('subnets', 'list', 'Shared subnets to use'),
  flag('utility-subnets', 'list', 'Shared utility subnets to use'),
  flag('topology', 'text', "Network topology for the cluster: 'public' or 'private'", { short: 't' }),
  flag('networking', 'text', 'Networking mode', { default: 'cilium' }),
  flag('dns', 'text', 'DNS type to use: public, private, none'),
  flag('dns-zone', 'text', 'DNS hosted zone (defaults to longest matching zone)'),
]

const machines: Flag[] = [
  flag('image', 'text', 'Machine image for all instances'),
  flag('node-count', 'number', 'Total number of worker nodes. Defaults to one node per zone', {
    type: 'int32',
  }),
  flag('node-size', 'list', 'Machine type(s) for worker nodes'),
  flag('node-image', 'text', 'Machine image for worker nodes. Takes precedence over --image'),
  flag('node-volume-size', 'number', 'Instance volume size (in GB) for worker nodes', { type: 'int32' }),
  flag('node-volume-type', 'text', 'Instance volume type for worker nodes'),
  flag('node-security-groups', 'list', 'Additional pre-created security groups to add to worker nodes.'),
  flag('node-tenancy', 'text', 'Tenancy of the node group (AWS only): default or dedicated'),
  flag(
    'control-plane-count',
    'number',
    'Number of control-plane nodes. Defaults to one control-plane node per control-plane-zone',
    { type: 'int32' },
  ),
  flag('control-plane-size', 'list', 'Machine type(s) for control-plane nodes'),
  flag('control-plane-image', 'text', 'Machine image for control-plane nodes. Takes precedence over --image'),
  flag('control-plane-volume-size', 'number', 'Instance volume size (in GB) for control-plane nodes', {
    type: 'int32',
  }),
  flag('control-plane-volume-type', 'text', 'Instance volume type for control-plane nodes'),
  flag(
    'control-plane-security-groups',
    'list',
    'Additional pre-created security groups to add to control-plane nodes.',
  ),
  flag(
    'control-plane-tenancy',
    'text',
    'Tenancy of the control-plane group (AWS only): default or dedicated',
  ),
  flag('bastion', 'flag', 'Enable a bastion instance group. Only applies to private topology.'),
]

const access: Flag[] = [
  flag('admin-access', 'list', 'Restrict API access to this CIDR.', { default: everywhere }),
  flag(
    'ssh-access',
    'list',
    'Restrict SSH access to this CIDR. If not set, uses the value of the admin-access flag.',
  ),
  flag('ssh-public-key', 'text', 'SSH public key to use'),
  flag('api-loadbalancer-type', 'text', 'Type of load balancer for the Kubernetes API: public or internal'),
  flag('api-public-name', 'text', 'Name to use for the public Kubernetes API endpoint'),
  flag(
    'api-ssl-certificate',
    'text',
    'ARN of the SSL Certificate to use for the Kubernetes API load balancer',
  ),
  flag('authorization', 'text', 'Authorization mode: AlwaysAllow or RBAC', { default: 'RBAC' }),
  flag(
    'discovery-store',
    'text',
    'A public location where we publish OIDC-compatible discovery information under a cluster-specific directory.',
  ),
]

const general: Flag[] = [
  flag('yes', 'flag', 'Specify --yes to immediately create the cluster', { short: 'y' }),
  flag('target', 'text', 'Target - direct, terraform', { default: 'direct', type: 'target' }),
  flag('cloud', 'text', 'Cloud provider to use - aws, digitalocean, gce, hetzner, openstack'),
  flag('cloud-labels', 'text', 'A list of key/value pairs used to tag all instance groups'),
  flag('channel', 'text', 'Channel for default versions and configuration to use', { default: 'stable' }),
  flag('kubernetes-version', 'text', 'Version of Kubernetes to run (defaults to version in channel)'),
  flag('set', 'lines', 'Directly set values in the spec', { type: 'strings' }),
  flag('unset', 'lines', 'Directly unset values in the spec', { type: 'strings' }),
  flag('dry-run', 'flag', 'If true, only print the object that would be sent, without sending it.'),
  flag('output', 'text', 'Output format. One of json or yaml. Used with the --dry-run flag.', { short: 'o' }),
  flag('out', 'text', 'Path to write any local output'),
  flag('encrypt-etcd-storage', 'flag', 'Generate key in AWS KMS and use it for encrypt etcd volumes'),
  flag('etcd-storage-type', 'text', 'The default storage type for etcd members'),
  flag('etcd-clusters', 'list', 'Names of the etcd clusters: main, events', { default: 'main,events' }),
  flag('associate-public-ip', 'flag', 'Specify --associate-public-ip=[true|false] to set the public IP'),
  flag('disable-subnet-tags', 'flag', 'Disable automatic subnet tagging'),
  flag('ipv6', 'flag', 'Use IPv6 for the pod network (AWS only)'),
  flag('instance-manager', 'text', 'Instance manager to use (cloudgroups or karpenter)', {
    default: 'cloudgroups',
  }),
]

const deprecated: Flag[] = [
  formerly('master-size', 'list', 'control-plane-size'),
  formerly('master-count', 'number', 'control-plane-count'),
  formerly('master-zones', 'list', 'control-plane-zones'),
  formerly('master-image', 'text', 'control-plane-image'),
  formerly('master-volume-size', 'number', 'control-plane-volume-size'),
  formerly('master-tenancy', 'text', 'control-plane-tenancy'),
  formerly('master-security-groups', 'list', 'control-plane-security-groups'),
  formerly('master-public-name', 'text', 'api-public-name'),
  formerly('vpc', 'text', 'network-id'),
  formerly('override', 'lines', 'set'),
  flag('container-runtime', 'text', '', { deprecated: 'containerd is the only supported value' }),
  flag('api-loadbalancer-class', 'text', '', {
    deprecated: 'network load balancers are the only supported class',
  }),
]

/** Every flag of `kops create cluster`. */
export const createFlags: Flag[] = [...placement, ...machines, ...access, ...general, ...deprecated]
