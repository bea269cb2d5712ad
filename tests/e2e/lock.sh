#!/usr/bin/env bash
# One command at a time changes a project.
# engines: any
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

locks() { api /volumes | jq -r '.Volumes // [] | .[].Name | select(startswith("mcompose-lock-'"$P"'"))'; }
is_locked() { [ -n "$(locks)" ]; }
in_db() { "$MCOMPOSE" exec -T db "$@" 2>/dev/null; }

# an up that holds the lock: db becomes healthy when somebody says so
hanging_up() {
    compose_file <<'Y'
services:
  db:
    image: alpine
    init: true
    command: sleep 300
    healthcheck: {test: ["CMD", "test", "-e", "/healthy"], interval: 200ms, retries: 1000}
  web: {image: alpine, init: true, command: sleep 300, depends_on: {db: {condition: service_healthy}}}
Y
    mc_bg up -d
    first=$mc_pid
    until_true 20 is_locked || fail "the project is not locked"
    until_true 20 in_db true || fail "db does not run"
}
let_go() { in_db touch /healthy; }

# second ARGS...: another command in the background, which has to wait
second() {
    set -m
    "$MCOMPOSE" "$@" >"$W/second.out" 2>"$W/second.err" </dev/null &
    second=$!
    set +m
    until_true 20 grep -q "waiting for 'mcompose up' of .*, which is changing project $P" "$W/second.err" ||
        fail "'$*' does not say that it waits"
}
ends_with() { # CODE PID
    local code=0
    wait "$2" || code=$?
    [ "$code" = "$1" ] || fail "exit code $code, expected $1: $(cat "$W/err" "$W/second.err")"
}

test_second_waits_for_the_first() {
    hanging_up
    second stop -t 0 db
    mc_ok ps -a # who only reads does not wait
    let_go
    ends_with 0 "$first"
    ends_with 0 "$second"
    is "$(running)" "$P-web-1" "what runs: the first started it, the second stopped the other"
    is "$(locks)" "" "locks left"
}

test_killed_holder_blocks_nobody() {
    hanging_up
    second up -d
    kill -KILL "$first"
    ends_with 137 "$first"
    let_go
    ends_with 0 "$second"
    is "$(running)" "$P-db-1 $P-web-1" "what runs"
    is "$(locks)" "" "locks left"
}

test_dead_holder_is_taken_over_later() {
    hanging_up
    kill -KILL "$first"
    ends_with 137 "$first"
    is_locked || fail "a killed command cannot have unlocked"
    let_go
    mc_ok up -d
    err_lacks 'waiting for'
    is "$(running)" "$P-db-1 $P-web-1" "what runs"
    is "$(locks)" "" "locks left"
}

test_interrupt_while_waiting() {
    hanging_up
    second up -d
    kill -INT "$second"
    ends_with 130 "$second"
    is_locked || fail "the first has lost its lock"
    let_go
    ends_with 0 "$first"
    is "$(locks)" "" "locks left"
}

# It is what one turns to when another command hangs.
test_kill_does_not_wait() {
    hanging_up
    : >"$W/second.err"
    "$MCOMPOSE" kill db >"$W/kill.out" 2>"$W/kill.err" || fail "kill failed: $(cat "$W/kill.err")"
    ends_with 1 "$first"
    is "$(locks)" "" "locks left"
}

check_main "$@"
