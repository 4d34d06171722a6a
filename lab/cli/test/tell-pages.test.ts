import { expect, test } from 'vitest'
import { tellPages } from '../tell-pages.ts'

const shop = { namespace: 'default', service: 'hugo', port: 80 }
const ports = [
  { ...shop, context: 'usa', region: 'us-east-1', host: 'a1.us-east-1.elb.amazonaws.com' },
  { ...shop, context: 'eur', region: 'eu-west-1', host: 'a2.eu-west-1.elb.amazonaws.com' },
]

test('every region has a command and an address of its own, the app its name', () => {
  expect(tellPages(ports, 'hugo.example.com')).toEqual([
    '',
    "The app's pages are the lab's own. Each says which region, cluster and pod has answered:",
    '  us-east-1: http://127.0.0.1:8001/',
    '    kubectl --context=usa port-forward -n default service/hugo 8001:80',
    '  eu-west-1: http://127.0.0.1:8002/',
    '    kubectl --context=eur port-forward -n default service/hugo 8002:80',
    '  by the name of a load balancer:',
    '    curl --proxy "$AWS_ENDPOINT_URL" http://a1.us-east-1.elb.amazonaws.com/',
    '  by the name of the app, as a client in Tokyo:',
    '    curl --proxy "$AWS_ENDPOINT_URL" -H X-Forwarded-For:133.11.1.0 http://hugo.example.com/',
  ])
})

test('where no app is, nothing is told', () => {
  expect(tellPages([], '')).toEqual([])
})
