import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Route53Client } from '@aws-sdk/client-route-53'
import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { planGroup } from '../../src/plan/plan-group.ts'
import { applyGroup } from '../../src/zone/apply-group.ts'
import { desire, fqdn, threeRegions } from '../groups.ts'

const words = `Tried to create resource record set [name='${fqdn}.', type='CNAME'] but it already exists`
const bodies = {
  sent: `<ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type><Code>InvalidChangeBatch</Code><Message>[${words}]</Message></Error><RequestId>r1</RequestId></ErrorResponse>`,
  documented: `<InvalidChangeBatch xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Messages><Message>${words}</Message></Messages><RequestId>r1</RequestId></InvalidChangeBatch>`,
}

test.each(Object.entries(bodies))(
  'a batch that is refused in the words that are %s is read back and told',
  async (_, body) => {
    const server = createServer((request, response) => {
      request.resume()
      response.writeHead(400, { 'content-type': 'text/xml', 'x-amzn-requestid': 'r1' }).end(body)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const client = new Route53Client({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    })
    let reads = 0
    const decide = async () => {
      reads += 1
      return planGroup(desire(threeRegions), { fqdn, records: [], ownerRecords: [] })
    }
    try {
      const applied = applyGroup(testJob(), client, { id: 'Z1' }, await decide(), decide)
      await expect(applied).rejects.toThrow(words)
      expect(reads).toBe(2)
    } finally {
      client.destroy()
      server.closeAllConnections()
      server.close()
    }
  },
)
