/**
 * Environment with which git sends a token to one server (such as https://github.com), as actions/checkout does, but without a
 * word of it in arguments or files.
 */
export function authorize(token: string, server: string): Record<string, string> {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${server}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
  }
}
