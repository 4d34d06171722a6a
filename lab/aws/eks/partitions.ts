/** The parts that AWS is divided into, which know nothing of each other. */
export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov' | 'aws-eusc' | 'aws-iso' | 'aws-iso-b'

type Names = { regions: RegExp; domain: string; dualStack?: string }

// Regions and suffixes as the SDKs' partitions.json has them.
const partitions: Record<Partition, Names> = {
  'aws-cn': {
    regions: /^cn-\w+-\d+$/,
    domain: 'amazonaws.com.cn',
    dualStack: 'api.amazonwebservices.com.cn',
  },
  'aws-us-gov': { regions: /^us-gov-\w+-\d+$/, domain: 'amazonaws.com', dualStack: 'api.aws' },
  'aws-eusc': {
    regions: /^eusc-de-\w+-\d+$/,
    domain: 'amazonaws.eu',
    dualStack: 'api.amazonwebservices.eu',
  },
  'aws-iso': { regions: /^us-iso-\w+-\d+$/, domain: 'c2s.ic.gov' },
  'aws-iso-b': { regions: /^us-isob-\w+-\d+$/, domain: 'sc2s.sgov.gov' },
  aws: { regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/, domain: 'amazonaws.com', dualStack: 'api.aws' },
}

/** The partition of a region; that of most where nobody knows the region, as the SDKs think. */
export function partitionOf(region: string): Partition {
  const names = Object.keys(partitions) as Partition[]
  return names.find(name => partitions[name].regions.test(region)) ?? 'aws'
}

/** What names of a partition's services end in: first those of IPv4 alone, then those of both protocols. */
export function domainsOf(partition: Partition): string[] {
  const { domain, dualStack } = partitions[partition]
  return dualStack === undefined ? [domain] : [domain, dualStack]
}

/** Every name that the SDKs have for a region's STS, with and without FIPS, whether it exists or not. */
export function stsHosts(region: string): string[] {
  const partition = partitionOf(region)
  const prefixes = partition === 'aws-us-gov' ? ['sts'] : ['sts', 'sts-fips']
  const hosts = prefixes.flatMap(prefix =>
    domainsOf(partition).map(domain => `${prefix}.${region}.${domain}`),
  )
  // The one partition whose endpoints of both protocols have names of their own for FIPS.
  return partition === 'aws-us-gov' ? [...hosts, `sts-fips.${region}.api.aws`] : hosts
}
