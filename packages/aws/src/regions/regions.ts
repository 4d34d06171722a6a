import type { Parser } from '@meridian/runner'

/** What is known of an AWS region without asking it. */
export type Region = {
  /** The city, or the area, of its data centres. */
  readonly place: string
  /** Degrees north. */
  readonly latitude: number
  /** Degrees east. */
  readonly longitude: number
  /** Hosted zone of classic and application load balancers, the target of an alias record. */
  readonly elbZoneId: string
  /** Hosted zone of network load balancers. */
  readonly nlbZoneId: string
}

const region = (
  place: string,
  latitude: number,
  longitude: number,
  elbZoneId: string,
  nlbZoneId: string,
): Region => ({
  place,
  latitude,
  longitude,
  elbZoneId,
  nlbZoneId,
})

/**
 * All commercial regions. AWS publishes the zone ids at docs.aws.amazon.com/general/latest/gr/elb.html; these were taken
 * from the tables that external-dns and terraform-provider-aws keep of it.
 */
export const regions = {
  'af-south-1': region('Cape Town', -33.92, 18.42, 'Z268VQBMOI5EKX', 'Z203XCE67M25HM'),
  'ap-east-1': region('Hong Kong', 22.32, 114.17, 'Z3DQVH9N71FHZ0', 'Z12Y7K3UBGUAD1'),
  'ap-east-2': region('Taipei', 25.03, 121.57, 'Z02789141MW7T1WBU19PO', 'Z09176273OC2HWIAUNYW'),
  'ap-northeast-1': region('Tokyo', 35.68, 139.69, 'Z14GRHDCWA56QT', 'Z31USIVHYNEOWT'),
  'ap-northeast-2': region('Seoul', 37.57, 126.98, 'ZWKZPGTI48KDX', 'ZIBE1TIR4HY56'),
  'ap-northeast-3': region('Osaka', 34.69, 135.5, 'Z5LXEXXYW11ES', 'Z1GWIQ4HH19I5X'),
  'ap-south-1': region('Mumbai', 19.08, 72.88, 'ZP97RAFLXTNZK', 'ZVDDRBQ08TROA'),
  'ap-south-2': region('Hyderabad', 17.39, 78.49, 'Z0173938T07WNTVAEPZN', 'Z0711778386UTO08407HT'),
  'ap-southeast-1': region('Singapore', 1.35, 103.82, 'Z1LMS91P8CMLE5', 'ZKVM4W9LS7TM'),
  'ap-southeast-2': region('Sydney', -33.87, 151.21, 'Z1GM3OXH4ZPM65', 'ZCT6FZBF4DROD'),
  'ap-southeast-3': region('Jakarta', -6.21, 106.85, 'Z08888821HLRG5A9ZRTER', 'Z01971771FYVNCOVWJU1G'),
  'ap-southeast-4': region('Melbourne', -37.81, 144.96, 'Z09517862IB2WZLPXG76F', 'Z01156963G8MIIL7X90IV'),
  'ap-southeast-5': region('Kuala Lumpur', 3.14, 101.69, 'Z06010284QMVVW7WO5J', 'Z026317210H9ACVTRO6FB'),
  'ap-southeast-6': region('Auckland', -36.85, 174.76, 'Z023301818UFJ50CIO0MV', 'Z01392953RKV2Q3RBP0KU'),
  'ap-southeast-7': region('Bangkok', 13.76, 100.5, 'Z0390008CMBRTHFGWBCB', 'Z054363131YWATEMWRG5L'),
  'ca-central-1': region('Montreal', 45.5, -73.57, 'ZQSVJUPU6J1EY', 'Z2EPGBW3API2WT'),
  'ca-west-1': region('Calgary', 51.05, -114.07, 'Z06473681N0SF6OS049SD', 'Z02754302KBB00W2LKWZ9'),
  'eu-central-1': region('Frankfurt', 50.11, 8.68, 'Z215JYRZR1TBD5', 'Z3F0SRJ5LGBH90'),
  'eu-central-2': region('Zurich', 47.37, 8.54, 'Z06391101F2ZOEP8P5EB3', 'Z02239872DOALSIDCX66S'),
  'eu-north-1': region('Stockholm', 59.33, 18.07, 'Z23TAZ6LKFMNIO', 'Z1UDT6IFJ4EJM'),
  'eu-south-1': region('Milan', 45.46, 9.19, 'Z3ULH7SSC9OV64', 'Z23146JA1KNAFP'),
  'eu-south-2': region('Zaragoza', 41.65, -0.89, 'Z0956581394HF5D5LXGAP', 'Z1011216NVTVYADP1SSV'),
  'eu-west-1': region('Dublin', 53.35, -6.26, 'Z32O12XQLNTSW2', 'Z2IFOLAFXWLO4F'),
  'eu-west-2': region('London', 51.51, -0.13, 'ZHURV8PSTC4K8', 'ZD4D7Y8KGAS4G'),
  'eu-west-3': region('Paris', 48.86, 2.35, 'Z3Q77PNBQS71R4', 'Z1CMS0P5QUZ6D5'),
  'il-central-1': region('Tel Aviv', 32.09, 34.78, 'Z09170902867EHPV2DABU', 'Z0313266YDI6ZRHTGQY4'),
  'me-central-1': region('Dubai', 25.2, 55.27, 'Z08230872XQRWHG2XF6I', 'Z00282643NTTLPANJJG2P'),
  'me-south-1': region('Manama', 26.23, 50.59, 'ZS929ML54UICD', 'Z3QSRYVP46NYYV'),
  'mx-central-1': region('Querétaro', 20.59, -100.39, 'Z023552324OKD1BB28BH5', 'Z02031231H3ID6HYJ9A7U'),
  'sa-east-1': region('São Paulo', -23.55, -46.63, 'Z2P70J7HTTTPLU', 'ZTK26PT1VY4CU'),
  'us-east-1': region('N. Virginia', 38.95, -77.45, 'Z35SXDOTRQ7X7K', 'Z26RNL4JYFTOTI'),
  'us-east-2': region('Columbus', 39.96, -83, 'Z3AADJGX6KTTL2', 'ZLMOA37VPKANP'),
  'us-west-1': region('San Francisco', 37.35, -121.96, 'Z368ELLRRE2KJ0', 'Z24FKFUX50B4VW'),
  'us-west-2': region('Portland', 45.52, -122.68, 'Z1H1FL5HABSF5', 'Z18D5FSROUN65G'),
} as const satisfies Record<string, Region>

type RegionName = keyof typeof regions

/** The facts of a region by its name, if it is one. */
export function findRegion(name: string): Region | undefined {
  return Object.hasOwn(regions, name) ? regions[name as RegionName] : undefined
}

/** Why a name is no region's, with the one that is meant or those to choose from; undefined where it is a region. */
export function refuseRegion(name: string): string | undefined {
  if (findRegion(name) !== undefined) return undefined
  const known = Object.keys(regions)
  const meant = known.find(each => areClose(each, name))
  const area = known.filter(each => each.slice(0, 3) === name.slice(0, 3))
  if (meant !== undefined) return `is no AWS region: did you mean ${meant}?`
  return `is no AWS region: choose one of ${(area.length > 0 ? area : known).join(', ')}`
}

/** Of what reads a region, a reader that refuses one that AWS does not have. */
export const knownToAws =
  (region: Parser<string>): Parser<string> =>
  raw => {
    const wrong = refuseRegion(region(raw))
    if (wrong !== undefined) throw new Error(wrong)
    return raw
  }

/** What is wrong with the regions of clusters, under the input that gave them. */
export function checkRegions(
  given: readonly { readonly name: string; readonly region: string }[],
  input = 'clusters',
): { input: string; message: string }[] {
  return given.flatMap(({ name, region }) => {
    const wrong = refuseRegion(region)
    return wrong === undefined ? [] : [{ input, message: `${name} is in '${region}', which ${wrong}` }]
  })
}

/** Whether two names have the same letters and digits, or differ by one that is missing, added or wrong. */
function areClose(one: string, other: string): boolean {
  if ([...one].sort().join('') === [...other].sort().join('')) return true
  if (Math.abs(one.length - other.length) > 1) return false
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  const [rest, otherRest] = [one.slice(at), other.slice(at)]
  return [rest.slice(1), rest].includes(otherRest.slice(1)) || rest.slice(1) === otherRest
}

/** What the names of AWS's hosts in a region end in, which its partition decides. */
export function dnsSuffix(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn'
  return region.startsWith('eusc-') ? 'amazonaws.eu' : 'amazonaws.com'
}

/** The names that a load balancer in a region can have, classic and network, as a certificate holds them. */
export function loadBalancerNames(region: string): string[] {
  const suffix = dnsSuffix(region)
  return [`*.${region}.elb.${suffix}`, `*.elb.${region}.${suffix}`]
}

/**
 * The region and the kind of a load balancer by its hostname: `*.REGION.elb.amazonaws.com` is classic (or an
 * application load balancer), `*.elb.REGION.amazonaws.com` is a network load balancer; in China they end in `.cn`.
 * Undefined for others.
 */
export function hostnameRegion(
  hostname: string,
): { region: string; kind: 'classic' | 'network' } | undefined {
  const name = hostname.toLowerCase().replace(/\.$/, '')
  const classic = /\.([a-z0-9-]+)\.elb\.amazonaws\.com(?:\.cn)?$/.exec(name)?.[1]
  if (classic !== undefined) return { region: classic, kind: 'classic' }
  const network = /\.elb\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(name)?.[1]
  return network === undefined ? undefined : { region: network, kind: 'network' }
}
