import type { Environment } from '../command.ts'
import { type Terminal, ToolError } from '../terminal.ts'

export const kopsVersion = '1.36.2'
/** What the channel `stable` recommends to this kops. */
export const channelVersion = '1.36.3'

const oldest = [1, 31]
const newest = [1, 36]
const stars = '*'.repeat(81)

export type VersionVerdict = { kind: 'fine' } | { kind: 'refused'; notice: string; message: string }

/** Whether this kops can run a Kubernetes version (`1.35.7`), and what it prints if it cannot. */
export function judgeVersion(version: string, env: Environment): VersionVerdict {
  const [, major, minor] = /^v?(\d+)\.(\d+)\.\d+/.exec(version) ?? []
  if (major === undefined || minor === undefined) {
    return refused('', `unable to parse kubernetes version ${JSON.stringify(version)}`)
  }
  const given = [Number(major), Number(minor)]
  if (isBefore(given, oldest) && !env.KOPS_RUN_OBSOLETE_VERSION) {
    const advice = 'This version of Kubernetes is no longer supported; upgrading Kubernetes is required'
    return refused(box(advice, `upgrade_k8s.md#${channelVersion}`), 'kubernetes upgrade is required')
  }
  if (isBefore(newest, given) && !env.KOPS_RUN_TOO_NEW_VERSION) {
    const advice = 'This version of kubernetes is not yet supported; upgrading kops is required'
    return refused(box(advice, 'upgrade_kops.md'), 'kops upgrade is required')
  }
  return { kind: 'fine' }
}

/** Prints what `judgeVersion` has to say and throws its refusal. */
export function checkVersion(version: string, terminal: Terminal): void {
  const verdict = judgeVersion(version, terminal.env)
  if (verdict.kind === 'fine') return
  terminal.out(verdict.notice)
  throw new ToolError(verdict.message)
}

/** Throws if a newer kops has written the state. */
export function checkDowngrade(stateVersion: string | undefined): void {
  if (stateVersion === undefined) return
  const parts = (text: string) => text.trim().split('.').map(Number)
  if (isBefore(parts(kopsVersion), parts(stateVersion))) {
    throw new ToolError('kops version older than last used to update the cluster')
  }
}

function refused(notice: string, message: string): VersionVerdict {
  return { kind: 'refused', notice, message }
}

function box(advice: string, page: string): string {
  const more = `More information: https://github.com/kubernetes/kops/blob/master/permalinks/${page}`
  return `\n${stars}\n\n${advice}\n\n${more}\n\n${stars}\n\n`
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const index = b.findIndex((part, index) => part !== a[index])
  return index >= 0 && (a[index] ?? 0) < (b[index] ?? 0)
}
