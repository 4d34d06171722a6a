import type { Command } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import type { WorldClient } from '../world-client.ts'

/** What every command of karmadactl works with. The world is asked only how fast its time passes. */
export type Karmadactl = Terminal & { world: WorldClient }

export type KarmadactlCommand = Command<Karmadactl>

export const userAgent = 'karmadactl/v1.18.2 (linux/amd64) kubernetes/unknown'
