/** Where a region is, and the hosted zones in which its load balancers' names live. */
export type Region = {
  name: string
  latitude: number
  longitude: number
  /** Classic and application load balancers. */
  elbZone: string
  networkZone: string
  zones: string[]
}

// name, latitude, longitude, zone of classic load balancers, zone of network load balancers, zone letters.
// The zone ids are those of the table "Elastic Load Balancing endpoints" in the AWS General Reference.
const rows: [string, number, number, string, string, string][] = [
  ['us-east-1', 38.9, -77.4, 'Z35SXDOTRQ7X7K', 'Z26RNL4JYFTOTI', 'abcdef'],
  ['us-east-2', 40.1, -83.0, 'Z3AADJGX6KTTL2', 'ZLMOA37VPKANP', 'abc'],
  ['us-west-1', 37.4, -122.0, 'Z368ELLRRE2KJ0', 'Z24FKFUX50B4VW', 'ac'],
  ['us-west-2', 45.8, -119.7, 'Z1H1FL5HABSF5', 'Z18D5FSROUN65G', 'abcd'],
  ['af-south-1', -33.9, 18.4, 'Z268VQBMOI5EKX', 'Z203XCE67M25HM', 'abc'],
  ['ap-east-1', 22.3, 114.2, 'Z3DQVH9N71FHZ0', 'Z12Y7K3UBGUAD1', 'abc'],
  ['ap-east-2', 25.0, 121.6, 'Z02789141MW7T1WBU19PO', 'Z09176273OC2HWIAUNYW', 'abc'],
  ['ap-northeast-1', 35.6, 139.7, 'Z14GRHDCWA56QT', 'Z31USIVHYNEOWT', 'acd'],
  ['ap-northeast-2', 37.6, 126.9, 'ZWKZPGTI48KDX', 'ZIBE1TIR4HY56', 'abcd'],
  ['ap-northeast-3', 34.7, 135.5, 'Z5LXEXXYW11ES', 'Z1GWIQ4HH19I5X', 'abc'],
  ['ap-south-1', 19.1, 72.9, 'ZP97RAFLXTNZK', 'ZVDDRBQ08TROA', 'abc'],
  ['ap-south-2', 17.4, 78.5, 'Z0173938T07WNTVAEPZN', 'Z0711778386UTO08407HT', 'abc'],
  ['ap-southeast-1', 1.3, 103.8, 'Z1LMS91P8CMLE5', 'ZKVM4W9LS7TM', 'abc'],
  ['ap-southeast-2', -33.9, 151.2, 'Z1GM3OXH4ZPM65', 'ZCT6FZBF4DROD', 'abc'],
  ['ap-southeast-3', -6.2, 106.8, 'Z08888821HLRG5A9ZRTER', 'Z01971771FYVNCOVWJU1G', 'abc'],
  ['ap-southeast-4', -37.8, 145.0, 'Z09517862IB2WZLPXG76F', 'Z01156963G8MIIL7X90IV', 'abc'],
  ['ap-southeast-5', 3.1, 101.7, 'Z06010284QMVVW7WO5J', 'Z026317210H9ACVTRO6FB', 'abc'],
  ['ap-southeast-6', -36.9, 174.8, 'Z023301818UFJ50CIO0MV', 'Z01392953RKV2Q3RBP0KU', 'abc'],
  ['ap-southeast-7', 13.8, 100.5, 'Z0390008CMBRTHFGWBCB', 'Z054363131YWATEMWRG5L', 'abc'],
  ['ca-central-1', 45.5, -73.6, 'ZQSVJUPU6J1EY', 'Z2EPGBW3API2WT', 'abd'],
  ['ca-west-1', 51.0, -114.1, 'Z06473681N0SF6OS049SD', 'Z02754302KBB00W2LKWZ9', 'abc'],
  ['eu-central-1', 50.1, 8.7, 'Z215JYRZR1TBD5', 'Z3F0SRJ5LGBH90', 'abc'],
  ['eu-central-2', 47.4, 8.5, 'Z06391101F2ZOEP8P5EB3', 'Z02239872DOALSIDCX66S', 'abc'],
  ['eu-north-1', 59.3, 17.9, 'Z23TAZ6LKFMNIO', 'Z1UDT6IFJ4EJM', 'abc'],
  ['eu-south-1', 45.5, 9.2, 'Z3ULH7SSC9OV64', 'Z23146JA1KNAFP', 'abc'],
  ['eu-south-2', 41.6, -0.9, 'Z0956581394HF5D5LXGAP', 'Z1011216NVTVYADP1SSV', 'abc'],
  ['eu-west-1', 53.3, -6.3, 'Z32O12XQLNTSW2', 'Z2IFOLAFXWLO4F', 'abc'],
  ['eu-west-2', 51.5, -0.1, 'ZHURV8PSTC4K8', 'ZD4D7Y8KGAS4G', 'abc'],
  ['eu-west-3', 48.9, 2.4, 'Z3Q77PNBQS71R4', 'Z1CMS0P5QUZ6D5', 'abc'],
  ['il-central-1', 32.1, 34.8, 'Z09170902867EHPV2DABU', 'Z0313266YDI6ZRHTGQY4', 'abc'],
  ['me-central-1', 25.2, 55.3, 'Z08230872XQRWHG2XF6I', 'Z00282643NTTLPANJJG2P', 'abc'],
  ['me-south-1', 26.1, 50.6, 'ZS929ML54UICD', 'Z3QSRYVP46NYYV', 'abc'],
  ['mx-central-1', 20.6, -100.4, 'Z023552324OKD1BB28BH5', 'Z02031231H3ID6HYJ9A7U', 'abc'],
  ['sa-east-1', -23.5, -46.6, 'Z2P70J7HTTTPLU', 'ZTK26PT1VY4CU', 'abc'],
]

export const regions: Region[] = rows.map(([name, latitude, longitude, elbZone, networkZone, letters]) => ({
  name,
  latitude,
  longitude,
  elbZone,
  networkZone,
  zones: [...letters].map(letter => name + letter),
}))

/** Regions of other partitions, which only latency records name. */
const foreignRegions: [name: string, latitude: number, longitude: number][] = [
  ['cn-north-1', 39.9, 116.4],
  ['cn-northwest-1', 37.5, 105.2],
  ['eusc-de-east-1', 52.4, 12.5],
  ['us-gov-east-1', 40.0, -83.0],
  ['us-gov-west-1', 45.8, -119.7],
]

/** What a latency record may name as its region: the SDK's enumeration ResourceRecordSetRegion, with positions. */
export const latencyRegions = [
  ...regions,
  ...foreignRegions.map(([name, latitude, longitude]) => ({ name, latitude, longitude })),
]

/** A region by its code, like `eu-west-1`. */
export function findRegion(name: string): Region | undefined {
  return regions.find(region => region.name === name)
}
