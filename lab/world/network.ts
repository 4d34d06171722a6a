/** The names of the world: which loopback port answers for a genuine-looking host and port. */
export type Network = {
  publish(host: string, port: number, localPort: number): void
  /** Withdraws one port of a host, or all of them. */
  withdraw(host: string, port?: number): void
  resolve(host: string, port: number): number | undefined
  /** Lets connections to a known host be refused until the returned function is called. */
  block(host: string): () => void
}

/** Nobody listens on the loopback's port 1: connections to it are refused. */
export const closedPort = 1

export function createNetwork(): Network {
  const hosts = new Map<string, Map<number, number>>()
  const blocked = new Set<string>()
  const normal = (host: string) => host.toLowerCase().replace(/\.$/, '')
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
      return found !== undefined && blocked.has(normal(host)) ? closedPort : found
    },
    block(host) {
      blocked.add(normal(host))
      return () => void blocked.delete(normal(host))
    },
  }
}
