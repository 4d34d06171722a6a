import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { type Job, retry } from '@meridian/runner'

type DownloadJob = Pick<Job, 'signal' | 'deadline' | 'log' | 'userAgent'>

/** kops is 280 MB. */
const downloadMilliseconds = 5 * 60_000

/** Downloads to a path, three times at most where the network or the server fails. What came is not trusted yet. */
export async function downloadFile(url: string, path: string, job: DownloadJob): Promise<void> {
  await retry(job, {
    what: `downloading ${url}`,
    attempt: () => fetchFile(url, path, job),
    retryable: error => !(error instanceof HttpError) || error.status >= 500 || error.status === 429,
    most: 3,
  })
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
  const answer = await fetch(url, {
    headers: { 'user-agent': job.userAgent },
    signal: AbortSignal.any([job.signal, AbortSignal.timeout(downloadMilliseconds)]),
  })
  if (!answer.ok || answer.body === null) throw new HttpError(answer.status)
  await pipeline(answer.body, createWriteStream(path))
}
