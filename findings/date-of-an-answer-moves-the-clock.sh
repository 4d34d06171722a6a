#!/usr/bin/env bash
# Most expect an AWS SDK to doubt the machine's clock once a signature has been refused for its age, and not before.
# Seen: those for JavaScript and Go take the Date of every answer, successful ones too, for AWS's clock where it is far
# off: one answer with an old Date, as a gateway with a wrong clock or a cache writes it, and the next request is signed for that hour.
# botocore signs by the machine's clock. Here requests that no SDK signs learn the clock from refusals of a signature alone.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOFLAGS=-mod=mod AWS_EC2_METADATA_DISABLED=true
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 @aws-sdk/client-sts@3.1173.0 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check boto3==1.43.2 botocore==1.43.127
# Answers as STS does, with a Date that is off by so many hours for the first, second, ... request; runs a program against itself.
cat > serve.mjs <<'JS'
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
const [label, program, ...args] = process.argv.slice(2)
const hours = [2, 0, -9, 0]
const signed = []
const server = createServer((request, response) => {
  const at = request.headers['x-amz-date'].replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z')
  const date = new Date(Date.now() + hours[signed.length] * 3_600_000).toUTCString()
  signed.push(Math.round((Date.parse(at) - Date.now()) / 3_600_000))
  response.sendDate = false
  response.writeHead(200, { 'content-type': 'text/xml', date })
  const who = '<Arn>arn:aws:iam::123456789012:user/a</Arn><UserId>A</UserId><Account>123456789012</Account>'
  const result = `<GetCallerIdentityResult>${who}</GetCallerIdentityResult>`
  const xmlns = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
  response.end(`<GetCallerIdentityResponse ${xmlns}>${result}</GetCallerIdentityResponse>`)
})
server.listen(0, '127.0.0.1', () => {
  const env = { ...process.env, STS: `http://127.0.0.1:${server.address().port}` }
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  child.on('close', code => {
    console.log(`${label}: answers dated ${hours.map(each => `${each} h`)}, requests signed for ${signed.map(each => `${each} h`)}`)
    server.close()
    process.exitCode = code
  })
})
JS
cat > ask.mjs <<'JS'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
const credentials = { accessKeyId: 'A', secretAccessKey: 'B' }
const client = new STSClient({ region: 'us-east-1', endpoint: process.env.STS, credentials })
for (let count = 0; count < 4; count += 1) await client.send(new GetCallerIdentityCommand({}))
JS
cat > ask.py <<'PY'
import os, boto3
keys = {'aws_access_key_id': 'A', 'aws_secret_access_key': 'B'}
client = boto3.client('sts', region_name='us-east-1', endpoint_url=os.environ['STS'], **keys)
for count in range(4):
    client.get_caller_identity()
PY
cat > main.go <<'GO'
package main

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func main() {
	keys := credentials.NewStaticCredentialsProvider("A", "B", "")
	client := sts.New(sts.Options{Region: "us-east-1", BaseEndpoint: aws.String(os.Getenv("STS")), Credentials: keys})
	for count := 0; count < 4; count++ {
		if _, err := client.GetCallerIdentity(context.Background(), nil); err != nil {
			panic(err)
		}
	}
}
GO
go mod init example.com/clock >/dev/null 2>&1
go get github.com/aws/aws-sdk-go-v2/service/sts@v1.52.0 github.com/aws/aws-sdk-go-v2/credentials >/dev/null 2>&1
go build -o ask-go . 2>/dev/null
{
  node_modules/.bin/node serve.mjs JavaScript node_modules/.bin/node ask.mjs
  node_modules/.bin/node serve.mjs Go ./ask-go
  node_modules/.bin/node serve.mjs Python venv/bin/python ask.py
} | tee seen
cat > expected <<'TEXT'
JavaScript: answers dated 2 h,0 h,-9 h,0 h, requests signed for 0 h,2 h,0 h,-9 h
Go: answers dated 2 h,0 h,-9 h,0 h, requests signed for 0 h,2 h,0 h,-9 h
Python: answers dated 2 h,0 h,-9 h,0 h, requests signed for 0 h,0 h,0 h,0 h
TEXT
diff expected seen && echo 'as recorded (@aws-sdk/client-sts 3.1173.0, aws-sdk-go-v2/service/sts 1.52.0, botocore 1.43.127)'
