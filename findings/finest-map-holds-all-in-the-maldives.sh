#!/usr/bin/env bash
# Most expect Natural Earth's countries, in the finest of the three sizes of world-atlas, to say best in which country a place is.
# Seen: there the Maldives hold every city of the world beside its own country (a ring of theirs runs the other way round); the
# middle size leaves Stockholm and Hong Kong in the sea, the coarse one puts Singapore into Malaysia, and Manama is nowhere in both.
# Regions of AWS lie in all five. Here maps are drawn and no more: where a client or a region is, is a table of coordinates.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . world-atlas@2.0.2 topojson-client@3.1.0 d3-geo@3.1.1 >/dev/null 2>&1
cat > where.mjs <<'JS'
import { readFileSync } from 'node:fs'
import { geoArea, geoContains } from 'd3-geo'
import { feature } from 'topojson-client'
const cities = { Singapore: [103.85, 1.29], Manama: [50.58, 26.23], Stockholm: [18.07, 59.33], 'Hong Kong': [114.17, 22.3], Dublin: [-6.26, 53.35] }
for (const size of ['110m', '50m', '10m']) {
  const { objects, ...atlas } = JSON.parse(readFileSync(`node_modules/world-atlas/countries-${size}.json`))
  const { features } = feature({ objects, ...atlas }, objects.countries)
  const name = country => country.properties.name
  for (const [city, place] of Object.entries(cities))
    console.log(`${size} ${city}: ${features.filter(country => geoContains(country, place)).map(name).sort().join(' and ') || 'sea'}`)
  const globe = features.filter(country => geoArea(country) > 2 * Math.PI).map(name)
  console.log(`${size} larger than half the globe: ${globe.join() || 'none'}`)
}
JS
node where.mjs | tee seen
cat > expected <<'TEXT'
110m Singapore: Malaysia
110m Manama: sea
110m Stockholm: Sweden
110m Hong Kong: China
110m Dublin: Ireland
110m larger than half the globe: none
50m Singapore: Singapore
50m Manama: sea
50m Stockholm: sea
50m Hong Kong: sea
50m Dublin: Ireland
50m larger than half the globe: none
10m Singapore: Maldives and Singapore
10m Manama: Bahrain and Maldives
10m Stockholm: Maldives and Sweden
10m Hong Kong: Hong Kong and Maldives
10m Dublin: Ireland and Maldives
10m larger than half the globe: Maldives
TEXT
diff expected seen && echo 'as recorded (world-atlas 2.0.2, topojson-client 3.1.0, d3-geo 3.1.1)'
