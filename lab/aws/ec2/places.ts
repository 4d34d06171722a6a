import { AwsError, listParameter, type QueryParameters, type XmlInput } from '@meridian/lab-aws-protocol'
import { findRegion, regions } from '@meridian/lab-world'

/** The regions that are named, all by default; none needs to be opted into. */
export function describeRegions(parameters: QueryParameters): XmlInput {
  const wanted = listParameter(parameters, 'RegionName')
  const unknown = wanted.find(name => !findRegion(name))
  if (unknown !== undefined) {
    throw new AwsError(
      400,
      'InvalidParameterValue',
      `Invalid value '${unknown}' for region. Invalid region name`,
    )
  }
  const found = regions.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
  return {
    regionInfo: {
      item: found.map(({ name }) => ({
        regionName: name,
        regionEndpoint: `ec2.${name}.amazonaws.com`,
        optInStatus: 'opt-in-not-required',
      })),
    },
  }
}

/** The zones of a region that are named, all by default; all are available. */
export function describeAvailabilityZones(region: string, parameters: QueryParameters): XmlInput {
  const zones = findRegion(region)?.zones ?? []
  const wanted = listParameter(parameters, 'ZoneName')
  const unknown = wanted.find(name => !zones.includes(name))
  if (unknown !== undefined) {
    throw new AwsError(400, 'InvalidParameterValue', `Invalid availability zone: [${unknown}]`)
  }
  const found = zones.filter(zone => wanted.length === 0 || wanted.includes(zone))
  return {
    availabilityZoneInfo: {
      item: found.map(zoneName => ({
        zoneName,
        zoneState: 'available',
        regionName: region,
        zoneType: 'availability-zone',
      })),
    },
  }
}
