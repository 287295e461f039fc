#!/usr/bin/env bash
# Debian packages of the lab. Installs those that are missing; run as root.
set -euo pipefail

packages=(
  bird2                     # BGP
  strongswan-swanctl        # IKEv2 and IPsec, with the three below
  charon-systemd
  libcharon-extra-plugins
  libstrongswan-standard-plugins
  libstrongswan-extra-plugins
  nftables                  # firewalls, NAT and load balancers
  iproute2                  # namespaces
  socat                     # reaches the API servers inside their namespaces
  dnsutils                  # dig
  iputils-ping              # flows of ICMP
  curl                      # readiness probes
  openssl                   # certificates
  openjdk-17-jdk-headless   # Cassandra, and the lab's management API inside it
  maven                     # fetches Cassandra
  python3-pip               # fetches cqlsh
)

missing=()
for package in "${packages[@]}"; do
  case $package in
    openjdk-17-jdk-headless) command -v javac >/dev/null && continue ;;
    maven) command -v mvn >/dev/null && continue ;;
    python3-pip) python3 -m pip --version >/dev/null 2>&1 && continue ;;
  esac
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
done

if [[ ${#missing[@]} -eq 0 ]]; then
  echo 'every package of the lab is installed'
  exit 0
fi
if [[ $EUID -ne 0 ]]; then
  echo "missing Debian packages: ${missing[*]}; run this script as root" >&2
  exit 1
fi

# Their services would start with the packages; the lab runs its own, inside namespaces.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}"
