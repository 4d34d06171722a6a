export { findCommand } from './find-command.ts'
export { hurryTimers } from './hurry-timers.ts'
export { importServer, isInstalled } from './import-server.ts'
