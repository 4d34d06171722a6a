#!/usr/bin/env bash
# Most expect `\052.example.com`, as Route 53 lists a wildcard, to be a name that DNS libraries understand.
# Seen: Route 53 escapes in octal (its API's reference, "DNS domain name format"), master files in decimal (RFC 1035, 5.1), so that
# dnspython and miekg/dns read `4.example.com`, and dns-packet four signs; moto, against which such code is tested, escapes nothing,
# keeps `\141` and capitals as they came, and finds none of them again under the plain name. Here octal is undone where lists are read.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . dns-packet@5.6.1 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check dnspython==2.9.2 'moto[route53]==5.2.5'
export GOFLAGS=-mod=mod AWS_ACCESS_KEY_ID=example AWS_SECRET_ACCESS_KEY=example AWS_DEFAULT_REGION=us-east-1
cat > main.go <<'GO'
package main

import (
	"fmt"

	"github.com/miekg/dns"
)

func main() {
	message := new(dns.Msg)
	message.SetQuestion(`\052.example.com.`, dns.TypeA)
	wire, _ := message.Pack()
	fmt.Printf("miekg/dns %s\n", wire[13:13+wire[12]])
}
GO
go mod init example.com/names >/dev/null 2>&1
go get github.com/miekg/dns@v1.1.73 >/dev/null 2>&1
cat > names.py <<'PY'
import boto3
import dns.name
from moto import mock_aws
print('dnspython', dns.name.from_text(r'\052.example.com').labels[0].decode())
with mock_aws():
    client = boto3.client('route53')
    zone = client.create_hosted_zone(Name='example.com', CallerReference='1')['HostedZone']['Id']
    record = {'Type': 'A', 'TTL': 60, 'ResourceRecords': [{'Value': '192.0.2.1'}]}
    for name in ('*.example.com', r'\141pp.example.com', 'WWW.example.com'):
        change = {'Action': 'CREATE', 'ResourceRecordSet': {'Name': name, **record}}
        client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={'Changes': [change]})
    sets = client.list_resource_record_sets(HostedZoneId=zone)['ResourceRecordSets']
    print('moto', *sorted(each['Name'] for each in sets if each['Type'] == 'A'))
PY
cat > names.cjs <<'JS'
const { encode } = require('dns-packet')
const wire = encode({ type: 'query', questions: [{ type: 'A', name: '\\052.example.com' }] })
console.log('dns-packet', wire.subarray(13, 13 + wire[12]).toString())
JS
{ venv/bin/python names.py; go run . 2>/dev/null; node names.cjs; } | tee seen
cat > expected <<'TEXT'
dnspython 4
moto *.example.com. WWW.example.com. \141pp.example.com.
miekg/dns 4
dns-packet \052
TEXT
diff expected seen && echo 'as recorded (dnspython 2.9.2, moto 5.2.5, miekg/dns 1.1.73, dns-packet 5.6.1)'
