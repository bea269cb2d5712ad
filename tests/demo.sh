#!/usr/bin/env bash
# demo.sh up | down: what `make demo` and `make demo-down` do once mcompose is built.
#
# Starts the engine where none answers and says how; `down` stops it again if it was started here. Who may not talk
# to the engine does so through sudo.
set -eu
cd "$(dirname "$0")/.."
mcompose=${MCOMPOSE:-build/mcompose}
export DEMO_PORT=${DEMO_PORT:-8088}
page=http://127.0.0.1:$DEMO_PORT/
host=${DOCKER_HOST:-unix:///var/run/docker.sock}
engine_state=build/demo-engine # how the engine was started, if it was
cache_state=build/demo-cache   # what was in the engine's build cache before
project="mcompose-demo"
sudo=()                        # what to put before a command that talks to the engine

say() { printf '==> %s\n' "$*"; }
die() {
    printf 'demo: %s\n' "$*" >&2
    exit 1
}
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# api METHOD PATH: one request to the engine mcompose will use
api() {
    case $host in
    unix://*) "${sudo[@]}" curl -sf -X "$1" --unix-socket "${host#unix://}" "http://engine$2" 2>/dev/null ;;
    *) curl -sf -X "$1" "http://${host#*://}$2" 2>/dev/null ;;
    esac
}

# Does the engine answer, if need be through sudo?
answers() {
    sudo=()
    api GET /_ping >/dev/null && return
    [ "$(id -u)" != 0 ] && command -v sudo >/dev/null || return 1
    case $host in unix://*) ;; *) return 1 ;; esac
    sudo=(sudo)
    api GET /_ping >/dev/null
}

wait_for_engine() {
    local i
    for ((i = 0; i < 150; i++)); do
        answers && return
        sleep 0.2
    done
    return 1
}

start_engine() {
    [ -z "${DOCKER_HOST:-}" ] || die "no engine answers at DOCKER_HOST=$DOCKER_HOST"
    mkdir -p build
    if [ -d /run/systemd/system ]; then
        say "no engine answers: systemctl start docker"
        echo systemctl >"$engine_state"
        as_root systemctl start docker
    elif [ -x /etc/init.d/docker ] && as_root service docker start >/dev/null 2>&1 && wait_for_engine; then
        say "no engine answered: started it with 'service docker start'"
        echo service >"$engine_state"
    else
        say "no engine answers and there is no service manager: starting dockerd (log: build/demo-dockerd.log)"
        echo dockerd >"$engine_state"
        as_root sh -c 'PATH=$PATH:/usr/sbin:/sbin; exec setsid dockerd' >build/demo-dockerd.log 2>&1 </dev/null &
    fi
    wait_for_engine || {
        tail -n 5 build/demo-dockerd.log >&2 2>/dev/null || true
        die "the engine did not start"
    }
}

stop_engine() {
    local how
    how=$(cat "$engine_state" 2>/dev/null) || return 0
    say "stopping the engine the demo started"
    case $how in
    systemctl) as_root systemctl stop docker.socket docker ;;
    service) as_root service docker stop >/dev/null ;;
    dockerd) as_root sh -c 'p=$(cat /var/run/docker.pid) && kill "$p" && while [ -d "/proc/$p" ]; do sleep 0.2; done' ;;
    esac
    rm -f "$engine_state" build/demo-dockerd.log
}

compose() {
    local files=(-f testdata/demo/compose.yaml -f testdata/demo/compose.dev.yaml)
    say "${sudo[*]}${sudo:+ }mcompose ${files[*]} $*"
    "${sudo[@]}" env DOCKER_HOST="$host" DEMO_PORT="$DEMO_PORT" "$mcompose" "${files[@]}" "$@"
}

cache_ids() {
    api GET /system/df | grep -o '"BuildCache":\[.*' | grep -o '"ID":"[^"]*"' | cut -d'"' -f4 | sort
}

# What the demo's builds left in the engine: images whose name a later build took, and the build cache.
remove_build_leftovers() {
    local ids
    api POST "/images/prune?filters=%7B%22label%22%3A%5B%22com.docker.compose.project%3D$project%22%5D%7D" >/dev/null || true
    [ -e "$cache_state" ] || return 0
    ids=$(comm -13 "$cache_state" <(cache_ids) | tr '\n' '|')
    [ -z "$ids" ] || api POST "/build/prune?all=1&filters=%7B%22id%22%3A%5B%22%2F${ids%|}%2F%22%5D%7D" >/dev/null || true
    rm -f "$cache_state"
}

up() {
    local engine_words=
    answers || start_engine
    [ ${#sudo[@]} = 0 ] || say "you may not use the engine's socket (you are not in group docker): going through sudo"
    [ -e "$cache_state" ] || cache_ids >"$cache_state" || true
    cp "$(PATH=$PATH:/usr/sbin:/sbin command -v busybox)" testdata/demo/busybox
    compose up -d --build --wait
    compose ps
    say "curl $page ${page}time"
    curl -sSf "$page" "${page}time"
    [ ! -e "$engine_state" ] || engine_words=" (it also stops the engine, which the demo started)"
    cat <<T

The demo runs: $page
Look further:  ${sudo[*]}${sudo:+ }$mcompose -p $project logs -f
               ${sudo[*]}${sudo:+ }$mcompose -p $project exec web sh
               ${sudo[*]}${sudo:+ }$mcompose ls
Stop it:       make demo-down$engine_words
T
}

down() {
    # an engine that ended meanwhile has the demo on its disk
    answers || [ ! -e testdata/demo/busybox ] || start_engine
    if answers; then
        compose down -v --rmi local --remove-orphans
        remove_build_leftovers
    else
        say "no engine answers and the demo was not started: nothing to remove"
    fi
    rm -f testdata/demo/busybox
    stop_engine
}

case ${1:-} in
up) up ;;
down) down ;;
*)
    echo "usage: tests/demo.sh up | down" >&2
    exit 1
    ;;
esac
