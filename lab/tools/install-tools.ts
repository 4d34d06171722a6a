import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const tools = { kops: './kops/main.ts', karmadactl: './karmadactl/main.ts' }

// Shared by all worlds of this checkout: what Node compiled once halves the start of every later call.
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/lab-tools', import.meta.url))

/**
 * Writes executables named `kops` and `karmadactl` below `dir` that live in the world behind `frontDoorUrl`.
 * Resolves to the directory to put on PATH.
 */
export async function installTools(dir: string, { frontDoorUrl }: { frontDoorUrl: string }): Promise<string> {
  const bin = join(dir, 'bin')
  await mkdir(bin, { recursive: true })
  await Promise.all(
    Object.entries(tools).map(([name, entry]) => {
      const main = fileURLToPath(new URL(entry, import.meta.url))
      const script = [
        '#!/bin/sh',
        `export MERIDIAN_WORLD=${shellQuote(frontDoorUrl)}`,
        `export NODE_COMPILE_CACHE=${shellQuote(compileCache)}`,
        // Variables meant for the Node of the calling action must not change the tool.
        'unset NODE_OPTIONS',
        `exec ${shellQuote(process.execPath)} --disable-warning=ExperimentalWarning ${shellQuote(main)} "$@"`,
      ]
      return writeFile(join(bin, name), `${script.join('\n')}\n`, { mode: 0o755 })
    }),
  )
  return bin
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
