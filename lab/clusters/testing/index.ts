export {
  type Answer,
  adminOf,
  type Client,
  eventually,
  type Member,
  specOf,
  startMember,
  startTestWorld,
  type TestWorld,
} from './test-world.ts'
