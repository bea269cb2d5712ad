#!/usr/bin/env bash
# demo.sh up | down: what `make demo` and `make demo-down` do once mcompose is built.
#
# Starts the engine where none answers and says how; `down` stops it again if it was started here.
set -eu
cd "$(dirname "$0")/.."
mcompose=${MCOMPOSE:-build/mcompose}
port=${DEMO_PORT:-8088}
state=build/demo-engine # how the engine was started, if it was
export DEMO_PORT=$port

say() { printf '==> %s\n' "$*"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# answers [SUDO]: does the engine mcompose will use answer?
answers() {
    local host=${DOCKER_HOST:-unix:///var/run/docker.sock}
    case $host in
    unix://*) "$@" curl -sf --max-time 3 --unix-socket "${host#unix://}" http://engine/_ping >/dev/null 2>&1 ;;
    tcp://*) curl -sf --max-time 3 "http://${host#tcp://}/_ping" >/dev/null 2>&1 ;;
    *) return 1 ;;
    esac
}

wait_for_engine() {
    local i
    for ((i = 0; i < 150; i++)); do
        answers as_root && return
        sleep 0.2
    done
    return 1
}

start_engine() {
    mkdir -p build
    if [ -d /run/systemd/system ]; then
        say "no engine answers: systemctl start docker"
        echo systemctl >"$state"
        as_root systemctl start docker
    elif [ -x /etc/init.d/docker ] && as_root service docker start >/dev/null 2>&1 && wait_for_engine; then
        say "no engine answered: started it with 'service docker start'"
        echo service >"$state"
    else
        say "no engine answers and there is no service manager: starting dockerd (log: build/demo-dockerd.log)"
        echo dockerd >"$state"
        as_root sh -c 'PATH=$PATH:/usr/sbin:/sbin; exec setsid dockerd' >build/demo-dockerd.log 2>&1 </dev/null &
    fi
    wait_for_engine || {
        echo "demo: the engine did not start" >&2
        tail -n 5 build/demo-dockerd.log >&2 2>/dev/null || true
        exit 1
    }
}

stop_engine() {
    local how
    how=$(cat "$state" 2>/dev/null) || return 0
    say "stopping the engine the demo started"
    case $how in
    systemctl) as_root systemctl stop docker.socket docker ;;
    service) as_root service docker stop >/dev/null ;;
    dockerd) as_root sh -c 'p=$(cat /var/run/docker.pid) && kill "$p" && while [ -d "/proc/$p" ]; do sleep 0.2; done' ;;
    esac
    rm -f "$state" build/demo-dockerd.log
}

# A user who may not talk to the engine does it through sudo.
compose() {
    local files=(-f testdata/demo/compose.yaml -f testdata/demo/compose.dev.yaml)
    say "mcompose ${files[*]} $*"
    if answers env; then
        "$mcompose" "${files[@]}" "$@"
    else
        as_root env ${DOCKER_HOST:+"DOCKER_HOST=$DOCKER_HOST"} "DEMO_PORT=$port" "$mcompose" "${files[@]}" "$@"
    fi
}

up() {
    answers as_root || start_engine
    cp "$(PATH=$PATH:/usr/sbin:/sbin command -v busybox)" testdata/demo/busybox
    compose up -d --build --wait
    compose ps
    say "curl http://127.0.0.1:$port/"
    ${DEMO_NETNS:-} curl -sf "http://127.0.0.1:$port/"
    ${DEMO_NETNS:-} curl -sf "http://127.0.0.1:$port/time"
    cat <<T

The demo runs: http://127.0.0.1:$port/
Look further:  $mcompose -p mcompose-demo logs -f
               $mcompose -p mcompose-demo exec web sh
               $mcompose ls
Stop it:       make demo-down
T
}

down() {
    if answers as_root; then
        compose down -v --rmi local --remove-orphans
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
