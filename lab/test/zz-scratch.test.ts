import { test } from 'vitest'
import { create, name, state } from '../tools/test/kops-cluster.ts'
import { openToolWorld } from '../tools/test/tool-world.ts'
test('scratch', async () => {
  const lab = await openToolWorld({})
  for (const line of [`${create} --yes`, `update cluster ${name} ${state} --yes`, `update cluster ${name} ${state}`, `validate cluster ${name} ${state}`, `delete cluster ${name} ${state} --yes`]) {
    const t = Date.now(), n = lab.world.requests.all().length
    const r = await lab.kops(line)
    console.log(line, r.exitCode, Date.now() - t, 'ms', lab.world.requests.all().length - n, 'requests')
    if (r.exitCode !== 0 || process.env.ALL) console.log(r.stdout.slice(-1500), r.stderr.split('\n').filter(l => !/Tasks:/.test(l)).slice(-12).join('\n'))
    if (r.exitCode !== 0) console.log(lab.world.requests.all().filter(x => x.error).slice(-5))
  }
  console.log(lab.world.inventory.list().map(r => r.type + ' ' + r.id))
  await lab.close()
}, 60000)
