import { knownFaults } from '@meridian/lab-world'

const faults = Object.entries(knownFaults).map(([name, what]) => `  ${name.padEnd(21)} ${what}`)

export const help = `The embedded lab: the whole story of a federation, on this machine alone.

npm run lab                    up, verify, down; writes lab-report/index.html and lab-report/report.json
npm run lab -- up              up and verify in a new world
npm run lab -- down            down in a new world, where there is nothing to take down
npm run lab -- serve           a world for your own aws, kubectl and kops, until Ctrl-C

  --json           one JSON object on stdout, progress on stderr
  --keep           do not take down; stay until Ctrl-C
  --input k=v      an input of the workflows (may be repeated)
  --input provider=eks
                   the story over clusters of EKS, which are there already; serve has them too
  --faults a,b     what goes wrong in the world
  --seed N         the world's random numbers (default 1)
  --scale N        how many of the world's seconds pass in one (default 60)
  --built          serve: after building everything
  --control-plane bare
                   serve: three clusters and a Karmada API server without controllers, for Karmada's own programs
  --webhook-port N serve: where the karmada-webhook of a bare control plane listens (default 8443)
  --port N         serve: the port of the front door (default: any free one)
  --dns-port N     serve: the port of the DNS server (default: any free one)
  --help           this text

Faults:
${faults.join('\n')}
`
