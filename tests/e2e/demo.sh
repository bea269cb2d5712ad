#!/usr/bin/env bash
# The demo's project, as `make demo` runs it, and without BuildKit's help from any registry.
# engines: all
# serial
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

demo() {
    cp -r "$ROOT/testdata/demo" "$W/demo"
    cp "$(command -v busybox)" "$W/demo/busybox"
    cd "$W/demo"
    P=mcompose-demo
}

test_development() {
    demo
    args=(-f compose.yaml -f compose.dev.yaml)
    mc_ok "${args[@]}" up -d --build --wait
    is "$(running)" "mcompose-demo-clock-1 mcompose-demo-web-1" "running"
    fetch http://127.0.0.1:8088/ | grep -q '<title>mcompose demo' || fail "no page"
    [ -n "$(fetch http://127.0.0.1:8088/time)" ] || fail "no time"
    mc_ok "${args[@]}" exec -T web whoami
    out_is demo
    mc_ok "${args[@]}" down -v --rmi local
    left_nothing
    is "$(api '/images/json' | jq '[.[] | select(.RepoTags | index("mcompose-demo:dev"))] | length')" 0 "images"
}

test_production() {
    demo
    GREETING='Good morning' DEMO_PORT=8089 mc_ok -f compose.yaml up -d --build --wait
    fetch http://127.0.0.1:8089/ | grep -q '<h1>Good morning</h1>' || fail "no greeting"
    mc_ok -f compose.yaml down -v --rmi local
    left_nothing
}

check_main "$@"
