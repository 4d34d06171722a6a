export { createGithub, type Github, githubRoot } from './create-github.ts'
export type { GithubEvent, Permissions } from './model.ts'
export type { GithubRepository, NewPull } from './repository.ts'
