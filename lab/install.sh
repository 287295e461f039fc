#!/usr/bin/env bash
# Debian packages of the lab: installs those that are missing, without questions. Run as root; Node and Go come from elsewhere.
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
  procps                    # sysctl
  curl                      # readiness probes
  openssl                   # certificates
  openjdk-17-jdk-headless   # Cassandra, and the lab's management API inside it
  maven                     # fetches Cassandra
  python3-pip               # fetches cqlsh
)

# Whether what the package brings is there, also when it came another way.
present() {
  case $1 in
    openjdk-17-jdk-headless) command -v javac >/dev/null && command -v keytool >/dev/null && return ;;
    maven) command -v mvn >/dev/null && return ;;
    python3-pip) python3 -m pip --version >/dev/null 2>&1 && return ;;
  esac
  dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed'
}

lacking() {
  local package
  for package in "${packages[@]}"; do
    present "$package" || printf '%s\n' "$package"
  done
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "this is no Debian; install by your own means: ${packages[*]}" >&2
  exit 1
fi
mapfile -t missing < <(lacking)
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

# No questions, and no endless wait for a mirror that does not answer or for another apt.
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a
options=(
  -qq
  -o Acquire::Retries=2
  -o Acquire::http::Timeout=20
  -o Acquire::https::Timeout=20
  -o DPkg::Lock::Timeout=300
  -o Dpkg::Options::=--force-confdef
  -o Dpkg::Options::=--force-confold
)
echo "installing: ${missing[*]}"
if ! apt-get "${options[@]}" -o APT::Update::Error-Mode=any update; then
  echo 'the package lists could not be brought up to date; trying with those that are here' >&2
fi
if ! apt-get "${options[@]}" install -y --no-install-recommends "${missing[@]}"; then
  {
    echo "not installed: $(lacking | tr '\n' ' ')"
    echo "This needs one of the mirrors in /etc/apt/sources.list, or a proxy in /etc/apt/apt.conf.d. When one answers, run"
    echo "this script again, or: apt-get install --no-install-recommends ${missing[*]}"
  } >&2
  exit 1
fi
echo 'every package of the lab is installed'
