import { type ClientRequest, request } from 'node:http'
import { type Job, messageOf, pause } from '@meridian/runner'
import { originOf, type PageEndpoint, type Speaks } from '../inputs/parse-endpoints.ts'
import { openConnection } from './open-connection.ts'

/** How one region's load balancer has answered a browser that asks for the name. */
export type Page = {
  readonly region: string
  readonly url: string
  readonly hostname: string
  /** Absent where no answer came. */
  readonly status?: number
  readonly milliseconds: number
  readonly ok: boolean
  readonly problem?: string
}

type Wanted = { readonly fqdn: string; readonly path: string; readonly patience: number }

const tryMilliseconds = 10_000
const retryMilliseconds = 5_000
/** A certificate that is not good, and a proxy that lets nobody through, stay as they are. */
const lasting = /CERT|ISSUER|SIGNATURE|^PROXY_REFUSED$/
/** What a load balancer says for a target that is not there yet. */
const warmingUp = [502, 503, 504]

/**
 * Fetches a page of the name through each region's load balancer, all at once: by its own host name, with the public
 * name as Host, and as the server name that the certificate must be for. Nothing but that is sent, and no redirection is
 * followed. A load balancer that is new has no address or no healthy target at first, so it is asked again for
 * `patience` milliseconds.
 */
export function fetchPages(
  job: Job,
  endpoints: readonly (PageEndpoint & { readonly speaks: Speaks })[],
  wanted: Wanted,
): Promise<Page[]> {
  return Promise.all(
    endpoints.map(async endpoint => {
      const end = Math.min(job.deadline, Date.now() + wanted.patience)
      for (;;) {
        const { mayPass, ...page } = await fetchPage(job, endpoint, wanted)
        if (page.ok || !mayPass || Date.now() + retryMilliseconds > end) return page
        job.log.info(`${page.url} in ${page.region}: ${page.problem}; asking again`)
        await pause(retryMilliseconds, job.signal)
      }
    }),
  )
}

async function fetchPage(
  job: Job,
  { region, hostname, speaks }: PageEndpoint & { speaks: Speaks },
  { fqdn, path }: Wanted,
): Promise<Page & { mayPass: boolean }> {
  const origin = originOf(fqdn, speaks)
  const started = performance.now()
  const told = { region, hostname, url: `${origin}${path}` }
  const milliseconds = () => Math.round(performance.now() - started)
  const signal = AbortSignal.any([job.signal, AbortSignal.timeout(tryMilliseconds)])
  try {
    const socket = await openConnection(job, signal, { hostname, ...speaks }, fqdn)
    const headers = { host: new URL(origin).host, 'user-agent': job.userAgent, accept: '*/*' }
    const status = await readStatus(request({ createConnection: () => socket, path, headers, signal }))
    socket.destroy()
    const mayPass = warmingUp.includes(status)
    const page = { ...told, status, milliseconds: milliseconds(), ok: isServed(status), mayPass }
    return page.ok ? page : { ...page, problem: `answered ${status}` }
  } catch (error) {
    job.signal.throwIfAborted()
    const problem = signal.aborted ? `did not answer within ${tryMilliseconds / 1_000} s` : messageOf(error)
    const mayPass = !lasting.test((error as NodeJS.ErrnoException).code ?? '')
    return { ...told, milliseconds: milliseconds(), ok: false, problem, mayPass }
  }
}

function readStatus(asked: ClientRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    asked.once('error', reject)
    asked.once('response', answer => resolve(answer.statusCode ?? 0))
    asked.end()
  })
}

/** A redirection is an answer of the app, and so is that one has to log in. */
function isServed(status: number): boolean {
  return (status >= 200 && status < 400) || status === 401 || status === 403
}
