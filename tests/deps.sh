#!/usr/bin/env bash
# deps.sh SET...: install the Debian/Ubuntu packages that are missing. Sets:
#     build   compiler and libraries
#     demo    the demo: busybox, curl and, where no engine answers, an engine
#     test    the tests: sanitizers, cmocka, an engine and what its tests look with
# Says what it does; does nothing when all is there. Uses sudo when not root.
set -eu

say() { printf '==> %s\n' "$*"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
has() { (PATH=$PATH:/usr/sbin:/sbin; command -v "$1" >/dev/null 2>&1); }
installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

build=(gcc make pkg-config libyaml-dev libcurl4-openssl-dev libuv1-dev libcjson-dev libarchive-dev libssl-dev
    libprotobuf-c-dev protobuf-c-compiler)
engine=(docker.io iptables)
demo=(busybox-static curl ca-certificates)
test=(libcmocka-dev clang jq curl ca-certificates util-linux bsdutils iproute2 busybox-static procps time)

missing=()
# want PACKAGE...: remember those that are not installed
want() {
    local p
    for p; do
        installed "$p" || missing+=("$p")
    done
}

engine_answers() {
    case ${DOCKER_HOST:-} in
    tcp://*) curl -sf --max-time 3 "http://${DOCKER_HOST#tcp://}/_ping" >/dev/null 2>&1 ;;
    *)
        local socket=${DOCKER_HOST:-unix:///var/run/docker.sock}
        curl -sf --max-time 3 --unix-socket "${socket#unix://}" http://engine/_ping >/dev/null 2>&1
        ;;
    esac
}

# An engine under another package's name will do.
want_engine() {
    if has dockerd; then
        has iptables || want iptables
    else
        want "${engine[@]}"
    fi
}

# The sanitizers' run-time of clang is in a package of its own where the compiler is version 14 or later.
want_sanitizers() {
    local version package
    version=$(apt-cache depends clang 2>/dev/null | sed -n 's/^ *Depends: clang-\([0-9]*\)$/\1/p' | head -n 1)
    package=libclang-rt-$version-dev
    if [ -n "$version" ] && apt-cache show "$package" >/dev/null 2>&1; then
        want "$package"
    fi
}

if ! has apt-get || ! has dpkg-query; then
    say "not a Debian or Ubuntu: install these yourself: ${build[*]}"
    exit 0
fi
for set in "${@:-build}"; do
    case $set in
    build) want "${build[@]}" ;;
    demo)
        want "${demo[@]}"
        engine_answers || want_engine
        ;;
    test)
        want "${test[@]}"
        want_engine
        want_sanitizers
        ;;
    *)
        echo "deps.sh: no set '$set' (build, demo, test)" >&2
        exit 1
        ;;
    esac
done
[ ${#missing[@]} -gt 0 ] || exit 0

say "installing ${missing[*]}"
as_root apt-get update -qq
case " $* " in *' test '*) want_sanitizers ;; esac # on a fresh machine only now known to apt
readarray -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
