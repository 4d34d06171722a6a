export { makeToken, signerOf } from './eks-tokens.ts'
