import { expect, test } from 'vitest'
import { userHeaders } from '../../src/client/user-headers.ts'
import { buildKubeconfig, type UserEntry } from '../../src/kubeconfig/kubeconfig.ts'

const headersOf = (user: UserEntry) => {
  const config = buildKubeconfig({ context: 'usa', server: 'https://usa.example.com' })
  return userHeaders({ ...config, users: [{ name: 'usa', user }] })
}

// What kubectl 1.32.4 was seen to send with the same kubeconfig.
test.each<[string, UserEntry, object]>([
  ['nobody else', { token: 'secret' }, {}],
  ['a user', { as: 'deployer' }, { 'Impersonate-User': 'deployer' }],
  [
    'a user of groups',
    { as: 'deployer', 'as-groups': ['apps', 'web'] },
    { 'Impersonate-User': 'deployer', 'Impersonate-Group': ['apps', 'web'] },
  ],
  [
    'a user by its uid',
    { as: 'deployer', 'as-uid': '7' },
    { 'Impersonate-User': 'deployer', 'Impersonate-Uid': '7' },
  ],
  [
    'a user with extras, whose names headers may not be able to have',
    { as: 'deployer', 'as-user-extra': { scopes: ['read', 'write'], 'acme.com/team (old)': ['web'] } },
    {
      'Impersonate-User': 'deployer',
      'Impersonate-Extra-scopes': ['read', 'write'],
      'Impersonate-Extra-acme.com%2Fteam%20%28old%29': ['web'],
    },
  ],
])('a request says whom its user acts for: %s', async (_, user, headers) => {
  expect(await headersOf(user)).toEqual(headers)
})
