import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleTools } from './bundle-tools.ts'
import { versionLine } from './karmadactl/init-flags.ts'
import { kopsVersion } from './kops/kubernetes-version.ts'
import type { Calls } from './serve-calls.ts'

/** What a tool says to these arguments wherever it is asked, and every action asks: Node need not be started for it. */
const constant: Record<string, { args: string; line: string }> = {
  kops: { args: 'version --short', line: kopsVersion },
  karmadactl: { args: 'version', line: versionLine },
}

/**
 * Writes executables of the stand-ins' names (`kops`, `karmadactl`, `kind`, …) below `dir` that live in the world behind `frontDoorUrl`.
 * Resolves to the directory to put on PATH. `env` is what the machine lays over whatever they are called with; `calls` lets calls of
 * kops run without a Node of their own.
 */
export async function installTools(
  dir: string,
  {
    frontDoorUrl,
    env = {},
    calls,
  }: { frontDoorUrl: string; env?: Readonly<Record<string, string>>; calls?: Calls | undefined },
): Promise<string> {
  const bin = join(dir, 'bin')
  await mkdir(bin, { recursive: true })
  const { mains, compileCache } = await bundleTools()
  await Promise.all(
    Object.entries(mains).map(([name, main]) => {
      const script = [
        '#!/bin/sh',
        ...sayAtOnce(constant[name]),
        ...(calls && name === 'kops' ? calls.script : []),
        `export MERIDIAN_WORLD=${shellQuote(frontDoorUrl)}`,
        // What Node compiled once halves the start of every later call.
        `export NODE_COMPILE_CACHE=${shellQuote(compileCache)}`,
        // The tools themselves are written in Go, where another variable names whom to trust besides.
        'export NODE_EXTRA_CA_CERTS="$SSL_CERT_FILE"',
        // Variables meant for the Node of the calling action must not change the tool.
        'unset NODE_OPTIONS',
        ...Object.entries(env).map(([variable, value]) => `export ${variable}=${shellQuote(value)}`),
        `exec ${shellQuote(process.execPath)} ${shellQuote(main)} "$@"`,
      ]
      return writeFile(join(bin, name), `${script.join('\n')}\n`, { mode: 0o755 })
    }),
  )
  return bin
}

function sayAtOnce(known: (typeof constant)[string] | undefined): string[] {
  if (known === undefined) return []
  return [`[ "$*" = ${shellQuote(known.args)} ] && printf '%s\\n' ${shellQuote(known.line)} && exit`]
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
