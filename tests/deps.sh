#!/usr/bin/env bash
# deps.sh SET...: install the Debian/Ubuntu packages that are missing. Sets:
#     build   compiler and libraries
#     demo    the demo: busybox, curl and, where no engine answers, an engine
#     test    the tests: sanitizers, cmocka, an engine and what its tests look with
# Says what it does and shows apt's output only when it fails; does nothing when all is there. Uses sudo when not
# root.
set -eu

say() { printf '==> %s\n' "$*"; }
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif has sudo; then
        sudo "$@"
    else
        echo "deps.sh: neither root nor sudo: install these as root: ${missing[*]}" >&2
        exit 1
    fi
}
has() { (PATH=$PATH:/usr/sbin:/sbin; command -v "$1" >/dev/null 2>&1); }
installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

build=(gcc libc6-dev make pkg-config libyaml-dev libcurl4-openssl-dev libssl-dev libuv1-dev libcjson-dev libarchive-dev
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

# A named engine is the caller's business. A socket that may not be opened, or that cannot be tried for want of
# curl, is taken for an engine.
engine_answers() {
    local socket=/var/run/docker.sock
    [ -z "${DOCKER_HOST:-}" ] || return 0
    [ -S "$socket" ] || return 1
    if has curl && [ -w "$socket" ]; then
        curl -sf --max-time 3 --unix-socket "$socket" http://engine/_ping >/dev/null 2>&1
    fi
}

# An engine under another package's name will do.
want_engine() {
    if has dockerd; then
        has iptables || want iptables
    else
        want "${engine[@]}"
    fi
    # where the kernel has it the engine does not start a container without its tools
    if [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ]; then has apparmor_parser || want apparmor; fi
}

# quietly COMMAND...: its output only if it fails
quietly() {
    local output status=0
    output=$("$@" 2>&1 </dev/null) || status=$?
    [ "$status" = 0 ] || printf '%s\n' "$output" >&2
    return "$status"
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

install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
}

say "installing ${missing[*]}"
as_root true # asks for the password, if it must, where that can be seen
quietly as_root apt-get update || say "apt-get update failed; trying with what is known"
case " $* " in *' test '*) want_sanitizers ;; esac # on a fresh machine only now known to apt
readarray -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
quietly install "${missing[@]}"
case " ${missing[*]} " in *' docker.io '*) say "the engine came as package docker.io: it will start with the machine" ;; esac
