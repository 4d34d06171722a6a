#!/usr/bin/env bash
# Most expect an SDK's waiter to end when what it asks is refused, and to say why, as it does in Python (`aws … wait`) and Go.
# Seen: in JavaScript any error counts as "not yet": with AccessDenied, wrong keys or a change that does not exist it asks on until
# the caller's time is up, and then says TimeoutError; the code that was answered is nowhere in it.
# Here the wait for INSYNC is our own: it ends with the first refusal, and names it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOFLAGS=-mod=mod AWS_EC2_METADATA_DISABLED=true
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 @aws-sdk/client-route-53@3.1169.0 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check boto3==1.43.2 botocore==1.43.127
# Refuses whatever it is asked, as Route 53 does, and runs a program against itself.
cat > serve.mjs <<'JS'
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
const [label, status, code, program, ...args] = process.argv.slice(2)
let asked = 0
const server = createServer((request, response) => {
  asked += 1
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error><RequestId>1</RequestId>`
  response.writeHead(Number(status), { 'content-type': 'text/xml' })
  response.end(`<ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/">${error}</ErrorResponse>`)
})
server.listen(0, '127.0.0.1', () => {
  const env = { ...process.env, ROUTE53: `http://127.0.0.1:${server.address().port}`, CODE: code }
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', data => (said += data))
  child.on('close', exit => {
    console.log(`${label}, ${code}: asked ${asked > 1 ? 'until its time is up' : 'once'}, ${said.trim()}`)
    server.close()
    process.exitCode = exit
  })
})
JS
cat > wait.mjs <<'JS'
import { Route53Client, waitUntilResourceRecordSetsChanged } from '@aws-sdk/client-route-53'
const { ROUTE53: endpoint, CODE: code } = process.env
const client = new Route53Client({ region: 'us-east-1', endpoint, credentials: { accessKeyId: 'A', secretAccessKey: 'B' } })
const error = await waitUntilResourceRecordSetsChanged({ client, maxWaitTime: 4, minDelay: 1, maxDelay: 1 }, { Id: 'C1' }).catch(error => error)
console.log(`${error.name}, which ${String(error.message).includes(code) ? 'names' : 'does not name'} the code`)
JS
cat > wait.py <<'PY'
import os, boto3, botocore.exceptions
keys = {'aws_access_key_id': 'A', 'aws_secret_access_key': 'B'}
client = boto3.client('route53', region_name='us-east-1', endpoint_url=os.environ['ROUTE53'], **keys)
try:
    client.get_waiter('resource_record_sets_changed').wait(Id='C1', WaiterConfig={'Delay': 1, 'MaxAttempts': 4})
except botocore.exceptions.WaiterError as error:
    print(f"WaiterError, which {'names' if os.environ['CODE'] in str(error) else 'does not name'} the code")
PY
cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/route53"
)

func main() {
	keys := credentials.NewStaticCredentialsProvider("A", "B", "")
	client := route53.New(route53.Options{Region: "us-east-1", BaseEndpoint: aws.String(os.Getenv("ROUTE53")), Credentials: keys})
	waiter := route53.NewResourceRecordSetsChangedWaiter(client, func(options *route53.ResourceRecordSetsChangedWaiterOptions) {
		options.MinDelay, options.MaxDelay = time.Second, time.Second
	})
	err := waiter.Wait(context.Background(), &route53.GetChangeInput{Id: aws.String("C1")}, 4*time.Second)
	verb := "does not name"
	if strings.Contains(err.Error(), os.Getenv("CODE")) {
		verb = "names"
	}
	fmt.Printf("an error, which %s the code\n", verb)
}
GO
go mod init example.com/wait >/dev/null 2>&1
go get github.com/aws/aws-sdk-go-v2/service/route53@v1.69.0 github.com/aws/aws-sdk-go-v2/credentials >/dev/null 2>&1
go build -o wait-go . 2>/dev/null
for refusal in '403 AccessDenied' '403 InvalidClientTokenId' '404 NoSuchChange'; do
  node_modules/.bin/node serve.mjs JavaScript $refusal node_modules/.bin/node wait.mjs
  node_modules/.bin/node serve.mjs Python $refusal venv/bin/python wait.py
  node_modules/.bin/node serve.mjs Go $refusal ./wait-go
done | tee seen
cat > expected <<'TEXT'
JavaScript, AccessDenied: asked until its time is up, TimeoutError, which does not name the code
Python, AccessDenied: asked once, WaiterError, which names the code
Go, AccessDenied: asked once, an error, which names the code
JavaScript, InvalidClientTokenId: asked until its time is up, TimeoutError, which does not name the code
Python, InvalidClientTokenId: asked once, WaiterError, which names the code
Go, InvalidClientTokenId: asked once, an error, which names the code
JavaScript, NoSuchChange: asked until its time is up, TimeoutError, which does not name the code
Python, NoSuchChange: asked once, WaiterError, which names the code
Go, NoSuchChange: asked once, an error, which names the code
TEXT
diff expected seen && echo 'as recorded (@aws-sdk/client-route-53 3.1169.0, aws-sdk-go-v2/service/route53 1.69.0, botocore 1.43.127)'
