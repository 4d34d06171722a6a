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
  ['ap-northeast-1', 35.6, 139.7, 'Z14GRHDCWA56QT', 'Z31USIVHYNEOWT', 'acd'],
  ['ap-northeast-2', 37.6, 126.9, 'ZWKZPGTI48KDX', 'ZIBE1TIR4HY56', 'abcd'],
  ['ap-northeast-3', 34.7, 135.5, 'Z5LXEXXYW11ES', 'Z1GWIQ4HH19I5X', 'abc'],
  ['ap-south-1', 19.1, 72.9, 'ZP97RAFLXTNZK', 'ZVDDRBQ08TROA', 'abc'],
  ['ap-southeast-1', 1.3, 103.8, 'Z1LMS91P8CMLE5', 'ZKVM4W9LS7TM', 'abc'],
  ['ap-southeast-2', -33.9, 151.2, 'Z1GM3OXH4ZPM65', 'ZCT6FZBF4DROD', 'abc'],
  ['ca-central-1', 45.5, -73.6, 'ZQSVJUPU6J1EY', 'Z2EPGBW3API2WT', 'abd'],
  ['eu-central-1', 50.1, 8.7, 'Z215JYRZR1TBD5', 'Z3F0SRJ5LGBH90', 'abc'],
  ['eu-north-1', 59.3, 17.9, 'Z23TAZ6LKFMNIO', 'Z1UDT6IFJ4EJM', 'abc'],
  ['eu-south-1', 45.5, 9.2, 'Z3ULH7SSC9OV64', 'Z23146JA1KNAFP', 'abc'],
  ['eu-west-1', 53.3, -6.3, 'Z32O12XQLNTSW2', 'Z2IFOLAFXWLO4F', 'abc'],
  ['eu-west-2', 51.5, -0.1, 'ZHURV8PSTC4K8', 'ZD4D7Y8KGAS4G', 'abc'],
  ['eu-west-3', 48.9, 2.4, 'Z3Q77PNBQS71R4', 'Z1CMS0P5QUZ6D5', 'abc'],
  ['me-south-1', 26.1, 50.6, 'ZS929ML54UICD', 'Z3QSRYVP46NYYV', 'abc'],
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

export function findRegion(name: string): Region | undefined {
  return regions.find(region => region.name === name)
}
