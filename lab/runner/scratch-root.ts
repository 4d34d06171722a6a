import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'

const memory = '/dev/shm'
const enoughBytes = 1 << 30

/**
 * Where a run puts its job directories: in memory where there is plenty of it. A checkout is a thousand small files that live
 * for seconds, and writing them to a disk took a seventh of the whole story.
 */
export async function scratchRoot(): Promise<string> {
  try {
    await access(memory, constants.W_OK)
    const { bavail, bsize } = await statfs(memory)
    return bavail * bsize >= enoughBytes ? memory : tmpdir()
  } catch {
    return tmpdir()
  }
}
