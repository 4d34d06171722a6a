#!/usr/bin/env bash
# Puts kops and karmadactl on PATH for the steps that follow. One that is there in the wanted version stays; another
# is downloaded and checked against the checksum that its publisher serves beside it.
set -euo pipefail

kops_version=1.36.2
karmadactl_version=1.18.2
os=$(uname -s | tr '[:upper:]' '[:lower:]')
case $(uname -m) in
  x86_64) arch=amd64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) echo "::error::There is no kops for $(uname -m): use an amd64 or arm64 runner."; exit 1 ;;
esac
bin=$RUNNER_TEMP/meridian-tools
mkdir -p "$bin"

fetch() { curl --fail --silent --show-error --location --retry 5 --retry-all-errors --output "$2" "$1"; }

# check FILE: compares it with the first word of FILE.sha256.
check() {
  local wanted actual
  wanted=$(cut -d' ' -f1 "$1.sha256")
  actual=$(sha256sum "$1" | cut -d' ' -f1)
  [ "$wanted" = "$actual" ] || { echo "::error::$1 has sha256 $actual, its publisher says $wanted."; exit 1; }
}

install_kops() {
  [ "$(kops version --short 2>/dev/null)" = "$kops_version" ] && return
  local url=https://github.com/kubernetes/kops/releases/download/v$kops_version/kops-$os-$arch
  fetch "$url" "$bin/kops"
  fetch "$url.sha256" "$bin/kops.sha256"
  check "$bin/kops"
  chmod 0755 "$bin/kops"
}

install_karmadactl() {
  karmadactl version 2>/dev/null | grep -q "GitVersion:\"v$karmadactl_version\"" && return
  local archive=karmadactl-$os-$arch.tgz
  local url=https://github.com/karmada-io/karmada/releases/download/v$karmadactl_version/$archive
  fetch "$url" "$bin/$archive"
  fetch "$url.sha256" "$bin/$archive.sha256"
  check "$bin/$archive"
  tar --extract --gzip --file "$bin/$archive" --directory "$bin" --no-same-owner --wildcards '*karmadactl'
  [ -x "$bin/karmadactl" ] || mv "$(find "$bin" -name karmadactl -type f | head -n 1)" "$bin/karmadactl"
}

for tool in "$@"; do
  case $tool in
    kops | karmadactl) "install_$tool" ;;
    *) echo "::error::There is no tool '$tool': give kops or karmadactl."; exit 1 ;;
  esac
done
echo "$bin" >>"$GITHUB_PATH"
