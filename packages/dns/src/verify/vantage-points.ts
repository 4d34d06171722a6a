/** A city (ISO 3166 country, degrees north and east) and a client subnet that is known to be there. */
export type VantagePoint = {
  readonly city: string
  readonly country: string
  readonly latitude: number
  readonly longitude: number
  /** An IPv4 /24, sent as EDNS client subnet. */
  readonly subnet: string
  readonly network: string
}

const at = (
  city: string,
  country: string,
  [latitude, longitude]: readonly [number, number],
  subnet: string,
  network: string,
): VantagePoint => ({ city, country, latitude, longitude, subnet: `${subnet}/24`, network })

/**
 * Cities on six continents, in networks of universities: they stay in their city, as an ISP's blocks do not. Source:
 * the registries' and RouteViews' data of 2026-06 in npm's @ip-location-db/asn, where each subnet has this origin
 * or that of the research network which connects the university.
 */
export const worldVantagePoints: readonly VantagePoint[] = [
  at('New York', 'US', [40.81, -73.96], '128.59.1.0', 'Columbia University'),
  at('Atlanta', 'US', [33.78, -84.4], '130.207.7.0', 'Georgia Institute of Technology'),
  at('Chicago', 'US', [41.79, -87.6], '128.135.1.0', 'University of Chicago'),
  at('Los Angeles', 'US', [34.07, -118.44], '128.97.1.0', 'University of California, Los Angeles'),
  at('Seattle', 'US', [47.66, -122.31], '128.95.1.0', 'University of Washington'),
  at('Toronto', 'CA', [43.66, -79.4], '128.100.1.0', 'University of Toronto'),
  at('Mexico City', 'MX', [19.33, -99.18], '132.248.10.0', 'Universidad Nacional Autónoma de México'),
  at('Bogotá', 'CO', [4.6, -74.07], '157.253.1.0', 'Universidad de los Andes'),
  at('São Paulo', 'BR', [-23.56, -46.73], '143.107.1.0', 'Universidade de São Paulo'),
  at('Buenos Aires', 'AR', [-34.6, -58.37], '157.92.1.0', 'Universidad de Buenos Aires'),
  at('London', 'GB', [51.52, -0.13], '128.40.1.0', 'University College London'),
  at('Dublin', 'IE', [53.34, -6.25], '134.226.1.0', 'Trinity College Dublin'),
  at('Paris', 'FR', [48.85, 2.36], '134.157.1.0', 'Sorbonne Université'),
  at('Berlin', 'DE', [52.51, 13.33], '130.149.7.0', 'Technische Universität Berlin'),
  at('Stockholm', 'SE', [59.35, 18.07], '130.237.28.0', 'KTH Royal Institute of Technology'),
  at('Istanbul', 'TR', [41.1, 29.02], '160.75.2.0', 'Istanbul Technical University'),
  at('Tel Aviv', 'IL', [32.11, 34.8], '132.66.1.0', 'Tel Aviv University'),
  at('Nairobi', 'KE', [-1.28, 36.82], '197.136.1.0', 'Kenya Education Network'),
  at('Cape Town', 'ZA', [-33.96, 18.46], '137.158.1.0', 'University of Cape Town'),
  at('Singapore', 'SG', [1.3, 103.77], '137.132.1.0', 'National University of Singapore'),
  at('Hong Kong', 'HK', [22.28, 114.14], '147.8.1.0', 'The University of Hong Kong'),
  at('Tokyo', 'JP', [35.71, 139.76], '133.11.1.0', 'The University of Tokyo'),
  at('Seoul', 'KR', [37.46, 126.95], '147.46.1.0', 'Seoul National University'),
  at('Sydney', 'AU', [-33.89, 151.19], '129.78.1.0', 'The University of Sydney'),
  at('Auckland', 'NZ', [-36.85, 174.77], '130.216.1.0', 'University of Auckland'),
]
