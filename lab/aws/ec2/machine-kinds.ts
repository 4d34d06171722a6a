import { AwsError, listParameter, type QueryParameters, type XmlInput } from '@meridian/lab-aws-protocol'
import { findRegion, isOffered, type World } from '@meridian/lab-world'
import { readFilters } from './filters.ts'

/** Every image that is asked for by id or name is there, unless a fault has taken images away. */
export function describeImages(world: World, parameters: QueryParameters): XmlInput {
  if (world.faults.active('no-image')) return { imagesSet: { item: [] } }
  const ids = listParameter(parameters, 'ImageId')
  const names = readFilters(parameters, ['name', 'state', 'architecture']).flatMap(({ name, values }) =>
    name === 'name' ? values : [],
  )
  const images = [
    ...ids.map(id => ({ id, name: id })),
    ...names.map(name => ({ id: `ami-${hash(name)}`, name })),
  ]
  const item = images.map(({ id, name }) => ({
    imageId: id,
    name,
    imageState: 'available',
    architecture: name.includes('arm64') ? 'arm64' : 'x86_64',
    rootDeviceName: '/dev/sda1',
    rootDeviceType: 'ebs',
    creationDate: '2026-07-14T00:00:00.000Z',
  }))
  return { imagesSet: { item } }
}

/** A family and one of EC2's sizes. */
const instanceTypes = /^[a-z]+\d?[a-z0-9-]*\.(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)$/

/** Types of which the name is well-formed, each with 2 vCPUs and 4 GiB; the architecture is that of the name. */
export function describeInstanceTypes(parameters: QueryParameters): XmlInput {
  const asked = listParameter(parameters, 'InstanceType')
  const unknown = asked.filter(type => !instanceTypes.test(type))
  if (unknown.length > 0) {
    const message = `The following supplied instance types do not exist: [${unknown.join(', ')}]`
    throw new AwsError(400, 'InvalidInstanceType', message)
  }
  const item = asked.map(instanceType => ({
    instanceType,
    currentGeneration: true,
    processorInfo: { supportedArchitectures: { item: [/^\w+\dg/.test(instanceType) ? 'arm64' : 'x86_64'] } },
    vCpuInfo: { defaultVCpus: 2 },
    memoryInfo: { sizeInMiB: 4096 },
  }))
  return { instanceTypeSet: { item } }
}

/** Where types can be launched. Refuses a place other than a zone, which nobody here asks for. */
export function describeOfferings(region: string, parameters: QueryParameters): XmlInput {
  const place = parameters.get('LocationType')
  if (place !== 'availability-zone') {
    throw new AwsError(400, 'InvalidParameterValue', `The lab knows no offerings by location type '${place}'`)
  }
  const asked = readFilters(parameters, ['instance-type', 'location'])
  const valuesOf = (wanted: string) => asked.find(({ name }) => name === wanted)?.values
  const zones = (findRegion(region)?.zones ?? []).filter(zone => valuesOf('location')?.includes(zone) ?? true)
  const types = (valuesOf('instance-type') ?? []).filter(type => instanceTypes.test(type))
  const item = types.flatMap(instanceType =>
    zones
      .filter(zone => isOffered(instanceType, zone))
      .map(location => ({ instanceType, locationType: place, location })),
  )
  return { instanceTypeOfferingSet: { item } }
}

function hash(text: string): string {
  let value = 0
  for (const letter of Buffer.from(text)) value = (Math.imul(value, 31) + letter) >>> 0
  return `0${value.toString(16).padStart(16, '0')}`
}
