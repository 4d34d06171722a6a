#!/usr/bin/env bash
# Most expect lexicon, which many tools change DNS with, to fail where Route 53 refuses its change.
# Seen: it answers True. And refusals are its usual case: a deletion asks for the TTL of lexicon's settings, 3600, whatever the
# record's own is, and leaves out SetIdentifier and Region, which it does not read; Route 53 deletes what matches in all only.
# Here a record is deleted as it was read, and what a change has come to is read back.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check dns-lexicon==3.25.2 boto3==1.44.8 botocore==1.44.8
cat > act.py <<'PY'
import logging, os, re, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from lexicon.client import Client
from lexicon.config import ConfigResolver

xmlns = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"'
record = ('<ResourceRecordSet><Name>www.example.com.</Name><Type>CNAME</Type>{}<TTL>60</TTL><ResourceRecords><ResourceRecord>'
          '<Value>{}.invalid</Value></ResourceRecord></ResourceRecords></ResourceRecordSet>')
group = '<SetIdentifier>{0}</SetIdentifier><Region>{0}</Region>'
stored = {'plain': record.format('', 'a'),
          'latency': ''.join(record.format(group.format(region), region) for region in ('eu-west-1', 'us-east-1'))}

class Route53(BaseHTTPRequestHandler):
    def answer(self, status, body):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())
    def do_GET(self):
        self.answer(200, f'<ListResourceRecordSetsResponse {xmlns}><ResourceRecordSets>{stored[kind]}</ResourceRecordSets>'
                         '<IsTruncated>false</IsTruncated></ListResourceRecordSetsResponse>' if 'rrset' in self.path else
                         f'<GetHostedZoneResponse {xmlns}><HostedZone><Name>example.com.</Name></HostedZone></GetHostedZoneResponse>')
    def do_POST(self):
        body = self.rfile.read(int(self.headers['content-length'])).decode()
        print('  asks for', *re.findall('<(?:Action|TTL|SetIdentifier|Value)>([^<]*)', body))
        self.answer(400, f'<ErrorResponse {xmlns}><Error><Code>InvalidChangeBatch</Code><Message>[the values provided do not '
                         'match the current values]</Message></Error></ErrorResponse>')
    def log_message(self, *_):
        pass

server = HTTPServer(('127.0.0.1', 0), Route53)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ.update(AWS_ENDPOINT_URL=f'http://127.0.0.1:{server.server_port}', AWS_DEFAULT_REGION='us-east-1')
logging.disable()
config = ConfigResolver().with_dict({'provider_name': 'route53', 'domain': 'example.com', 'route53': {
    'auth_access_key': 'AKIDEXAMPLE', 'auth_access_secret': 'secret', 'zone_id': 'Z1'}})
for kind in stored:
    with Client(config) as records:
        print(kind, 'listed', *(each['content'] for each in records.list_records('CNAME', 'www')))
        print(kind, 'deleted', records.delete_record(rtype='CNAME', name='www'))
        print(kind, 'updated', records.update_record(rtype='CNAME', name='www', content='b.invalid'))
PY
venv/bin/python act.py | tee seen
cat > expected <<'TEXT'
plain listed a.invalid
  asks for DELETE 3600 a.invalid
plain deleted True
  asks for UPSERT 3600 b.invalid
plain updated True
latency listed eu-west-1.invalid us-east-1.invalid
  asks for DELETE 3600 eu-west-1.invalid
  asks for DELETE 3600 us-east-1.invalid
latency deleted True
  asks for UPSERT 3600 b.invalid
  asks for UPSERT 3600 b.invalid
latency updated True
TEXT
diff expected seen && echo 'as recorded (dns-lexicon 3.25.2, boto3 1.44.8)'
