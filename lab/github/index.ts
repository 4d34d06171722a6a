export { createGithub, type Github, githubRoot } from './create-github.ts'
export type { Comment, Deployment, DeploymentStatus, GithubEvent, Permissions, Pull } from './model.ts'
export { actionsBot } from './model.ts'
export { dependabot, type GithubRepository, type NewPull } from './repository.ts'
