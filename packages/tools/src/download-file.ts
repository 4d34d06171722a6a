import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { type Job, proxyRefused, retry, sendRequest } from '@meridian/runner'

type DownloadJob = Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'userAgent'>

/** kops is 280 MB. */
const downloadMilliseconds = 5 * 60_000
/** Releases on GitHub lie elsewhere, at addresses that live for minutes. */
const mostRedirects = 5

/** Downloads to a path, three times at most where the network or the server fails. What came is not trusted yet. */
export async function downloadFile(url: string, path: string, job: DownloadJob): Promise<void> {
  await retry(job, {
    what: `downloading ${url}`,
    attempt: () => fetchFile(url, path, job),
    retryable: isWorthAnother,
    most: 3,
  })
}

function isWorthAnother(error: unknown): boolean {
  if (error instanceof HttpError) return error.status >= 500 || error.status === 429
  return (error as { code?: unknown }).code !== proxyRefused
}

class HttpError extends Error {
  readonly status: number
  constructor(status: number) {
    super(`the server answered ${status}`)
    this.status = status
  }
}

async function fetchFile(url: string, path: string, job: DownloadJob): Promise<void> {
  job.log.info(`Downloading ${url}`)
  const signal = AbortSignal.any([job.signal, AbortSignal.timeout(downloadMilliseconds)])
  const { env, userAgent } = job
  const headers = { 'user-agent': userAgent }
  const answer = await sendRequest(url, { env, signal, headers, redirects: mostRedirects })
  if (answer.status !== 200) {
    answer.body.destroy()
    throw new HttpError(answer.status)
  }
  await pipeline(answer.body, createWriteStream(path), { signal })
}
