import { readFileSync } from 'node:fs'

/** A file of /proc (Linux) about a process, or about one of its threads; '' where that has gone. */
export function readProcess(pid: string, file: 'cmdline' | 'schedstat' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
