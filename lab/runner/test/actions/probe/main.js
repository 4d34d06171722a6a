import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'

const env = process.env
const write = (file, text) => appendFileSync(env[file], `${text}\n`)

write('GITHUB_OUTPUT', `text<<ghadelimiter_1\n${env.INPUT_TEXT}\nghadelimiter_1`)
write('GITHUB_OUTPUT', `two-words=${env.INPUT_TWO_WORDS}`)
write('GITHUB_STATE', 'remember=me')
write('GITHUB_ENV', 'PROBE_VARIABLE=from probe')
write('GITHUB_PATH', '/probe/bin')
write('GITHUB_STEP_SUMMARY', '### Probe')
console.log('::add-mask::s3cret')
console.log('::warning title=Careful::one%0Atwo')
console.log('the value is s3cret')
console.error('said on stderr')

if (env['INPUT_LEAVE-CHILD'] === 'true') spawn('sleep', ['60'], { stdio: 'ignore' }).unref()
process.exitCode = Number(env['INPUT_EXIT-CODE'])

if (env.INPUT_WAIT !== 'false') {
  const alive = setInterval(() => {}, 1000)
  process.on('SIGINT', () => {
    console.log('got SIGINT')
    if (env.INPUT_WAIT !== 'stubborn') clearInterval(alive)
  })
  process.on('SIGTERM', () => {
    console.log('got SIGTERM')
    clearInterval(alive)
  })
  console.log('waiting')
}
