import { createWorld, openFrontDoor, type World } from '@meridian/lab-world'
import { createGithub, type Github, githubRoot } from '../create-github.ts'

/** A world in which only GitHub answers. */
export type GithubWorld = { world: World; github: Github; githubApi: string; close(): Promise<void> }

/** Starts one whose minutes are as long as the scale says. */
export async function openGithubWorld(scale: number): Promise<GithubWorld> {
  const world = createWorld({ scale })
  const github = createGithub(world)
  const door = await openFrontDoor(world, {
    aws: async (_, response) => void response.writeHead(501).end(),
    control: {},
    github: { root: githubRoot, handler: github.handler },
  })
  return {
    world,
    github,
    githubApi: `${door.url}${githubRoot}`,
    async close() {
      await door.close()
      world.close()
    },
  }
}
