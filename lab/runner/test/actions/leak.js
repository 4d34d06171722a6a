import { appendFileSync, readFileSync } from 'node:fs'

const { env } = process
const secret = env.LEAK_FILE ? readFileSync(env.LEAK_FILE, 'utf8') : (env.LEAK_TOKEN ?? '')
const base64 = Buffer.from(`some text before ${secret} and after`).toString('base64')
const text = env.LEAK_AS === 'base64' ? base64 : secret
if (env.LEAK_TO === 'stdout') console.log(`it is ${text}`)
else if (env.LEAK_TO === 'stderr') console.error(`it is ${text}`)
else if (env.LEAK_TO === 'mask') console.log(`::add-mask::${text}`)
else if (env.LEAK_TO === 'annotation') console.log(`::warning::it is ${text}`)
else if (env.LEAK_TO) appendFileSync(env[env.LEAK_TO], `leak<<end\n${text}\nend\n`)
