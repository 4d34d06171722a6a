import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A script of the pages, as it is in its file beside or near this one. */
export function readScript(file: 'search.js' | '../live/live.js'): string {
  return readFileSync(join(import.meta.dirname, file), 'utf8')
}

/** The only script that a page with this policy runs. Nothing is loaded from anywhere. */
export function contentPolicy(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64')
  return `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
}
