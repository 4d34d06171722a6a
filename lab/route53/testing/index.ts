export { type Ask, framed, questionFor, type Reply, replyOf, sendTcp, sendUdp } from './dns-client.ts'
