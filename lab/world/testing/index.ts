export { findCommand } from './find-command.ts'
