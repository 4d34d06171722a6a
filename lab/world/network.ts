/** The names of the world: which loopback port answers for a genuine-looking host and port. */
export type Network = {
  publish(host: string, port: number, localPort: number): void
  /** Withdraws one port of a host, or all of them. */
  withdraw(host: string, port?: number): void
  resolve(host: string, port: number): number | undefined
  /** Lets connections to a known host be refused until the returned function is called. */
  block(host: string): () => void
  /**
   * Lets a known host lie at an address that nobody reaches from outside until the returned function is called: what is
   * sent there is never answered, and whoever connects gives up after `patience`.
   */
  hide(host: string, address: string): () => void
  /** The address of a hidden host. */
  hiddenAt(host: string): string | undefined
  /** Passes while somebody waits for a connection that does not come. */
  patience(): Promise<void>
}

/** Nobody listens on the loopback's port 1: connections to it are refused. */
export const closedPort = 1

/** Of a network by itself, nobody's patience ends. */
export function createNetwork(patience: Network['patience'] = () => new Promise(() => {})): Network {
  const hosts = new Map<string, Map<number, number>>()
  const blocked = new Set<string>()
  const hidden = new Map<string, string>()
  // An address of IPv6 stands in brackets where a port follows it.
  const normal = (host: string) =>
    host
      .toLowerCase()
      .replace(/\.$/, '')
      .replace(/^\[(.*)\]$/, '$1')
  return {
    publish(host, port, localPort) {
      const ports = hosts.get(normal(host)) ?? new Map<number, number>()
      hosts.set(normal(host), ports.set(port, localPort))
    },
    withdraw(host, port) {
      if (port === undefined) hosts.delete(normal(host))
      else hosts.get(normal(host))?.delete(port)
    },
    resolve(host, port) {
      const found = hosts.get(normal(host))?.get(port)
      const away = blocked.has(normal(host)) || hidden.has(normal(host))
      return found !== undefined && away ? closedPort : found
    },
    hide(host, address) {
      hidden.set(normal(host), address)
      return () => void hidden.delete(normal(host))
    },
    hiddenAt: host => hidden.get(normal(host)),
    patience,
    block(host) {
      blocked.add(normal(host))
      return () => void blocked.delete(normal(host))
    },
  }
}
