import { writeFile } from 'node:fs/promises'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { createServer, type TLSSocket } from 'node:tls'
import { createAuthority, issueServerCertificate } from '@meridian/lab-kube-api/certificates'
import { type ForwardProxy, openForwardProxy, type ProxyOptions, type World } from '@meridian/lab-world'

/** Names that no resolver knows, at which a world's front door answers to whoever comes through its proxy. */
const [awsHost, githubHost] = ['aws.lab.test', 'github.lab.test']

export type ProxiedWay = {
  proxy: ForwardProxy
  /** Where AWS is, and GitHub's token service. */
  awsUrl: string
  githubUrl: string
  /** The proxy, with its credentials, AWS behind it, and the authority that the front door's certificate is from. */
  env: Record<string, string>
  close(): Promise<void>
}

/**
 * Opens a proxy as the only way to a front door: by names that it alone resolves, and over TLS of an authority that nobody
 * trusts by himself.
 */
export async function openProxiedWay(
  world: World,
  door: { port: number },
  directory: string,
  options: ProxyOptions,
): Promise<ProxiedWay> {
  const authority = await createAuthority('lab-company')
  const names = [awsHost, githubHost]
  const { certificate: cert, key } = await issueServerCertificate(authority, names)
  const file = join(directory, 'company-ca.pem')
  await writeFile(file, authority.certificate)
  const sockets = new Set<TLSSocket>()
  const tls = createServer({ cert, key }, socket => {
    const inside = connect(door.port, '127.0.0.1')
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => inside.destroy())
    inside.on('error', () => socket.destroy())
    socket.pipe(inside).pipe(socket)
  })
  await new Promise<void>(resolve => tls.listen(0, '127.0.0.1', resolve))
  for (const name of names) {
    world.network.publish(name, 443, (tls.address() as AddressInfo).port)
    world.network.publish(name, 80, door.port)
  }
  const proxy = await openForwardProxy(world.network, options)
  const { credentials } = options
  if (credentials) world.secrets.add('credentials of the proxy', credentials)
  const url = credentials ? proxy.url.replace('//', `//${credentials}@`) : proxy.url
  return {
    proxy,
    awsUrl: `https://${awsHost}`,
    githubUrl: `https://${githubHost}`,
    env: {
      HTTPS_PROXY: url,
      HTTP_PROXY: url,
      NODE_EXTRA_CA_CERTS: file,
      AWS_ENDPOINT_URL: `https://${awsHost}`,
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => tls.close(resolve))
      await proxy.close()
    },
  }
}
