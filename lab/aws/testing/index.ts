export { makeToken, signerOf } from './eks-tokens.ts'
export { kopsActions } from './kops-actions.ts'
