import { describe, expect, test } from 'vitest'
import { parseValidation } from '../../src/index.ts'

const node = (name: string, role: string, status = 'True') => ({
  name,
  zone: 'us-east-1a',
  role,
  hostname: name,
  status,
})
const sick = (answer: object) => ({
  stdout: JSON.stringify(answer),
  stderr: 'Error: validation failed: cluster not yet healthy',
  exitCode: 1,
})
const silent = (stderr: string) => ({
  stdout: '',
  stderr: `Error: validation failed: unexpected error during validation: ${stderr}`,
  exitCode: 1,
})
const pod = (name: string) => ({
  type: 'Pod',
  name,
  message: `system-cluster-critical pod "${name}" is pending`,
})
const placeholder =
  "the API's name still leads to kops' placeholder 203.0.113.123; the cluster replaces it when its DNS controller runs"

test('a healthy cluster has nodes and lacks nothing', () => {
  const stdout = JSON.stringify({ nodes: [node('i-1', 'control-plane'), node('i-2', 'node')] })
  expect(parseValidation({ stdout, stderr: '', exitCode: 0 }, 2)).toEqual({
    ready: true,
    missing: '',
    nodes: [
      { name: 'i-1', zone: 'us-east-1a', role: 'control-plane', ready: true },
      { name: 'i-2', zone: 'us-east-1a', role: 'node', ready: true },
    ],
  })
})

describe('what is missing', () => {
  test.each([
    [
      'machines',
      {
        failures: [{ type: 'Machine', name: 'i-2', message: 'machine "i-2" has not yet joined cluster' }],
        nodes: [node('i-1', 'control-plane')],
      },
      '1 of 2 instances joined',
    ],
    [
      'readiness',
      { nodes: [node('i-1', 'control-plane'), node('i-2', 'node', 'False')] },
      '2 of 2 instances joined, 1 ready',
    ],
    [
      'pods, by their owners',
      {
        failures: [
          pod('kube-system/coredns-7d8c9b5f4-abcde'),
          pod('kube-system/coredns-7d8c9b5f4-fghij'),
          pod('kube-system/cilium-x7k2p'),
          pod('kube-system/etcd-manager-main-i-0f3a4b5c6d7e8f901'),
        ],
        nodes: [node('i-1', 'control-plane'), node('i-2', 'node')],
      },
      '2 of 2 instances joined, waiting for pods cilium, coredns, etcd-manager-main',
    ],
    ['everything', {}, '0 of 2 instances joined'],
    [
      'the placeholder',
      { failures: [{ type: 'dns', name: 'apiserver', message: 'Validation Failed' }] },
      placeholder,
    ],
  ])('is told of %s', (_, answer, expected) =>
    expect(parseValidation(sick(answer), 2)?.missing).toBe(expected),
  )

  test.each([
    ['Get "https://x/api/v1/nodes": dial tcp: lookup x: no such host', "the API's name is not known yet"],
    [
      'Error: validation failed: unexpected error during validation: error listing nodes: Get "https://api-e40-1.us-east-1.elb.amazonaws.com/api/v1/nodes": dial tcp: lookup api-e40-1.us-east-1.elb.amazonaws.com: no such host',
      "the API's name is not known yet",
    ],
    ['dial tcp 10.0.0.1:443: connect: connection refused', 'the API server does not answer yet'],
    ['an error on the server ("503 Service Unavailable")', 'the API server does not answer yet'],
    ['dial tcp 203.0.113.123:443: i/o timeout', placeholder],
    // What a proxy says to CONNECT, of which Go tells the phrase alone.
    ['Get "https://x/api/v1/nodes": Service Unavailable', 'the API server does not answer yet'],
    ['Get "https://x/api/v1/nodes": Gateway Timeout', 'the API server does not answer yet'],
  ])('is told where kops says nothing but %s', (stderr, expected) =>
    expect(parseValidation(silent(stderr), 2)?.missing).toBe(expected),
  )
})

test.each([
  ['AccessDenied: no'],
  ['something new'],
  ['arn:aws:sts::111150250300:assumed-role/deploy is not authorized to perform: ec2:DescribeInstances'],
  [
    'operation error S3: GetObject, https response error StatusCode: 0, x509: certificate signed by unknown authority',
  ],
  [
    'Get "https://raw.githubusercontent.com/kubernetes/kops/master/channels/stable": dial tcp: lookup raw.githubusercontent.com: no such host',
  ],
  ['Get "https://x/api/v1/nodes": proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused'],
  ['Get "https://x/api/v1/nodes": Forbidden'],
])('a failure of another kind is not an answer: %s', stderr => {
  expect(parseValidation(silent(stderr), 2)).toBeUndefined()
})
