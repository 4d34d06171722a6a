#!/usr/bin/env bash
# Clusters of kind for a run from end to end on one machine, with load balancers that the machine reaches.
#
#   scripts/kind-clusters.sh up                 makes them, and notes what is in each
#   scripts/kind-clusters.sh check ENDPOINTS    fetches the app's page in each; ENDPOINTS is deploy's output
#   scripts/kind-clusters.sh compare            fails if there is anything more in them than after `up`
#   scripts/kind-clusters.sh logs DIRECTORY     what tells why something went wrong
#   scripts/kind-clusters.sh down               deletes those that `up` has made
#
# CLUSTERS names them; FOLDER keeps the programs and what is noted.
set -euo pipefail

# Images belong to a release of kind: https://github.com/kubernetes-sigs/kind/releases/tag/v0.33.0
kind_version=0.33.0
node_image=kindest/node:v1.35.8@sha256:07b2536e30b803ed61d1677a79df6115f798ce64c80f9e22f6ed45afd09323c0
balancer_version=0.11.1

read -ra clusters <<< "${CLUSTERS:-usa eur jpn}"
folder=${FOLDER:-${RUNNER_TEMP:-/tmp}/meridian-kind}
mkdir -p "$folder/bin"
export PATH="$folder/bin:$PATH"

# Go checks what it downloads against its public checksum database.
install_programs() {
  if [[ $(kind version 2> /dev/null) != "kind v$kind_version "* ]]; then
    GOBIN=$folder/bin go install "sigs.k8s.io/kind@v$kind_version"
  fi
  if ! command -v cloud-provider-kind > /dev/null; then
    GOBIN=$folder/bin go install "sigs.k8s.io/cloud-provider-kind@v$balancer_version"
  fi
  kind version
}

create() {
  kind create cluster --name "$1" --image "$node_image" --kubeconfig "$folder/$1.kubeconfig" --wait 3m
  echo "$1" >> "$folder/made"
}

# The first one makes the network of the containers; the others then come side by side.
up() {
  install_programs
  # Three clusters watch more files than a runner allows one user, by default.
  if [[ ${RUNNER_ENVIRONMENT:-} == github-hosted ]]; then
    sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512
  fi
  create "${clusters[0]}"
  local waiting=()
  for name in "${clusters[@]:1}"; do
    create "$name" > "$folder/$name.log" 2>&1 &
    waiting+=($!)
  done
  for process in "${waiting[@]}"; do wait "$process" || { cat "$folder"/*.log && return 1; }; done
  for name in "${clusters[@]}"; do contents "$name" > "$folder/$name.before"; done
  nohup cloud-provider-kind --gateway-channel=disabled > "$folder/load-balancers.log" 2>&1 < /dev/null &
  echo $! > "$folder/load-balancers.pid"
}

# Whatever an installation leaves: events, leases and the like come and go by themselves.
contents() {
  kubectl --kubeconfig "$folder/$1.kubeconfig" get --all-namespaces --output name --ignore-not-found \
    namespaces,services,deployments.apps,statefulsets.apps,daemonsets.apps,persistentvolumeclaims,persistentvolumes,clusterroles,clusterrolebindings,customresourcedefinitions,validatingwebhookconfigurations,mutatingwebhookconfigurations,apiservices |
    sort
}

check() {
  local hosts
  hosts=$(grep -oE '"hostname":"[^"]+"' <<< "$1" | cut -d '"' -f 4)
  if (($(wc -w <<< "$hosts") != ${#clusters[@]})); then
    echo "::error::the app has other endpoints than one in each of ${clusters[*]}: $1"
    return 1
  fi
  for host in $hosts; do
    curl --fail --silent --show-error --retry 20 --retry-delay 3 --retry-all-errors --max-time 10 \
      --output /dev/null --write-out "%{http_code} http://$host/ in %{time_total} s\n" "http://$host/"
  done
}

compare() {
  local failed=0
  for name in "${clusters[@]}"; do
    if ! diff "$folder/$name.before" <(contents "$name"); then
      echo "::error::$name is not as it was before"
      failed=1
    fi
  done
  return $failed
}

logs() {
  mkdir -p "$1"
  cp "$folder"/*.log "$1" 2> /dev/null || true
  for name in "${clusters[@]}"; do
    kind export logs "$1/$name" --name "$name" || true
    for what in events pods,services,persistentvolumeclaims; do
      kubectl --kubeconfig "$folder/$name.kubeconfig" get "$what" --all-namespaces --output wide > "$1/$name-${what%%,*}.txt" || true
    done
  done
}

down() {
  if [[ -f $folder/load-balancers.pid ]]; then kill "$(< "$folder/load-balancers.pid")" || true; fi
  if [[ ! -f $folder/made ]]; then return; fi
  while read -r name; do kind delete cluster --name "$name"; done < "$folder/made"
  rm "$folder/made"
}

case ${1:-} in
  up | compare | down) "$1" ;;
  check | logs) "$1" "$2" ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "$0" && exit 2 ;;
esac
