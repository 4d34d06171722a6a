// What inputs are read with: an action reads them before it loads anything else.
export { contextNames, hasContext } from './kubeconfig/kubeconfig.ts'
export { anyKubeconfig, checkGivenKubeconfig, givenKubeconfig } from './kubeconfig/kubeconfig-check.ts'
