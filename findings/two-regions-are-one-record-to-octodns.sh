#!/usr/bin/env bash
# Most expect octoDNS to leave alone what it cannot write to Route 53, latency and weighted records among it, or to say that it can't.
# Seen: of a latency group it keeps the first region as a plain record, without a warning: a dump has one region of two, a zone file
# with that region alone is up to date, and whatever a zone file lacks is deleted without the SetIdentifier and Region of the group.
# Route 53 deletes what matches in all only, and refuses the other changes of that batch with it.
# Here a name's group is read whole, changed in one batch, and only where the owner's TXT says that it is the run's.
set -euo pipefail
work=$(mktemp -d)
trap 'kill "$(cat "$work/pid" 2>/dev/null)" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check octodns==1.22.0 octodns-route53==1.3.1 boto3==1.44.8
cat > route53.py <<'PY'
import re
from http.server import BaseHTTPRequestHandler, HTTPServer

SPACE = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"'
ZONE = '<HostedZone><Id>/hostedzone/Z1</Id><Name>example.com.</Name><CallerReference>1</CallerReference></HostedZone>'
LAST = '<IsTruncated>false</IsTruncated><MaxItems>100</MaxItems>'


def record(name, kind, value, policy=''):
    value = f'<ResourceRecords><ResourceRecord><Value>{value}</Value></ResourceRecord></ResourceRecords>'
    return f'<ResourceRecordSet><Name>{name}.example.com.</Name><Type>{kind}</Type>{policy}<TTL>60</TTL>{value}</ResourceRecordSet>'


def member(which, policy):
    return f'<SetIdentifier>{which}</SetIdentifier>{policy}'


SETS = ''.join([
    record('shop', 'CNAME', 'eu.example.net', member('eur', '<Region>eu-west-1</Region>')),
    record('shop', 'CNAME', 'us.example.net', member('usa', '<Region>us-east-1</Region>')),
    record('www', 'A', '192.0.2.1', member('blue', '<Weight>90</Weight>')),
    record('www', 'A', '192.0.2.2', member('green', '<Weight>10</Weight>')),
])


class Handler(BaseHTTPRequestHandler):
    def answer(self, kind, body):
        body = f'<{kind} {SPACE}>{body}</{kind}>'.encode()
        self.send_response(200)
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if 'rrset' in self.path:
            self.answer('ListResourceRecordSetsResponse', f'<ResourceRecordSets>{SETS}</ResourceRecordSets>{LAST}')
        elif 'healthcheck' in self.path:
            self.answer('ListHealthChecksResponse', f'<HealthChecks/>{LAST}')
        else:
            self.answer('ListHostedZonesResponse', f'<HostedZones>{ZONE}</HostedZones>{LAST}')

    def do_POST(self):
        sent = self.rfile.read(int(self.headers['content-length'])).decode()
        with open('sent', 'a') as file:
            for change in re.findall('<Change>.*?</Change>', sent):
                file.write('asks: ' + ' '.join(re.findall('<(?:Action|Name|Type|SetIdentifier|Region|Weight|Value)>([^<]+)', change)) + '\n')
        info = '<Id>/change/C1</Id><Status>PENDING</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt>'
        self.answer('ChangeResourceRecordSetsResponse', f'<ChangeInfo>{info}</ChangeInfo>')

    def log_message(self, *_):
        pass


server = HTTPServer(('127.0.0.1', 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 route53.py > port &
echo $! > pid
until [ -s port ]; do sleep 0.1; done
cat > config.yaml <<'YAML'
providers:
  files: {class: octodns.provider.yaml.YamlProvider, directory: zones, default_ttl: 60}
  aws: {class: octodns_route53.Route53Provider, access_key_id: example, secret_access_key: example}
zones:
  example.com.: {sources: [files], targets: [aws]}
YAML
mkdir zones dumped
octodns() {
  env -i PATH="$PATH" AWS_DEFAULT_REGION=us-east-1 AWS_ENDPOINT_URL="http://127.0.0.1:$(cat port)" AWS_EC2_METADATA_DISABLED=true \
    venv/bin/octodns-"$1" --config-file config.yaml "${@:2}" > log 2>&1 || { cat log; return 1; }
}
{
  octodns dump --output-dir dumped --lenient example.com. aws
  echo 'dumped:'
  grep -v '^---' dumped/example.com.yaml
  grep -iE 'warn.*(shop|www|region|weight|identifier)' log || echo 'no warning'
  cp dumped/example.com.yaml zones
  octodns sync
  grep -o 'No changes were planned' log
  printf '%s\n' 'new:' '  type: A' '  value: 192.0.2.9' > zones/example.com.yaml
  octodns sync --doit --force
  cat sent
} | tee seen
cat > expected <<'TEXT'
dumped:
shop:
  ttl: 60
  type: CNAME
  value: eu.example.net
www:
  ttl: 60
  type: A
  value: 192.0.2.1
no warning
No changes were planned
asks: DELETE shop.example.com. eu.example.net CNAME
asks: DELETE www.example.com. 192.0.2.1 A
asks: CREATE new.example.com. 192.0.2.9 A
TEXT
diff expected seen && echo 'as recorded (octodns 1.22.0, octodns-route53 1.3.1)'
