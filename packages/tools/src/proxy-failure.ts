/**
 * In the output of a program in Go: the proxy is not there, or lets nobody through. No waiting mends it, as it may the other
 * words that a proxy has (`Service Unavailable` for a server that is not up yet). A host follows `Get "https://`.
 */
export const proxyFailure = /proxyconnect tcp|"https?:\/\/\S+": (Proxy Authentication Required|Forbidden)/

/** What the reader does about it. */
export const proxyAdvice = (tool: string): string =>
  `${tool} goes through the proxy that HTTPS_PROXY names: correct that, let it pass the host above, or add the host to NO_PROXY where the runner reaches it directly.`
