import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { createAuthority, issueClientCertificate, issueServerCertificate } from '../certificates.ts'

describe('certificates', () => {
  test('an authority may sign certificates', async () => {
    const authority = new X509Certificate((await createAuthority('kubernetes-ca')).certificate)
    expect(authority.ca).toBe(true)
    expect(authority.subject).toBe('CN=kubernetes-ca')
  })

  test('a server certificate names hosts and addresses', async () => {
    const authority = await createAuthority('kubernetes-ca')
    const issued = new X509Certificate(
      (await issueServerCertificate(authority, ['api.example.com', '127.0.0.1'])).certificate,
    )
    expect(issued.checkHost('api.example.com')).toBe('api.example.com')
    expect(issued.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(issued.checkHost('other.example.com')).toBeUndefined()
    expect(issued.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true)
  })

  test('a client certificate carries the user, its groups and its lifetime', async () => {
    const authority = await createAuthority('kubernetes-ca')
    const issued = await issueClientCertificate(authority, {
      user: 'ann',
      groups: ['system:masters', 'dev'],
      hours: 4,
    })
    const certificate = new X509Certificate(issued.certificate)
    expect(certificate.subject.split('\n')).toEqual(['O=system:masters', 'O=dev', 'CN=ann'])
    expect((Date.parse(certificate.validTo) - Date.now()) / 3_600_000).toBeCloseTo(4, 1)
  })

  test('a TLS connection verifies both sides', async () => {
    const authority = await createAuthority('kubernetes-ca')
    const server = await issueServerCertificate(authority, ['127.0.0.1'])
    const client = await issueClientCertificate(authority, { user: 'ann' })
    const listener = createServer({
      key: server.key,
      cert: server.certificate,
      ca: authority.certificate,
      requestCert: true,
    }).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const accepted = once(listener, 'secureConnection')
    const socket = connect({
      host: '127.0.0.1',
      port: (listener.address() as AddressInfo).port,
      ca: authority.certificate,
      key: client.key,
      cert: client.certificate,
    })
    await once(socket, 'secureConnect')
    const [peer] = await accepted
    expect(peer.authorized).toBe(true)
    expect(peer.getPeerCertificate().subject.CN).toBe('ann')
    socket.destroy()
    listener.close()
  })
})
