export { type Ask, framed, questionFor, type Reply, replyOf, sendTcp, sendUdp } from './dns-client.ts'
export { clientFor, openOther, type Target } from './open-target.ts'
export { create, latency, record, upsert, withZone } from './zone-fixture.ts'
