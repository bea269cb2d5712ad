#!/usr/bin/env bash
# Standard input and output of every kind: closed, full, left by their reader, open while Ctrl-C comes.
# engines: any
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

start_web() {
    compose_file <<'Y'
services:
  web: {image: alpine, command: [sleep, "300"], stop_grace_period: 0s}
Y
    mc_ok up -d
}

# with_open_stdin ARGS...: mcompose in the background, with an input that says nothing and does not end
with_open_stdin() {
    mkfifo "$W/in"
    exec 9<>"$W/in"
    ran="mcompose $*"
    : >"$W/out"
    set -m
    "$MCOMPOSE" "$@" <"$W/in" >"$W/out" 2>"$W/err" &
    mc_pid=$!
    set +m
}

# ends_with CODE: within seconds, though the input is still open
ends_with() {
    until_true 10 is_over || { kill -9 "$mc_pid"; fail "did not end"; }
    mc_wait
    rc_is "$1"
    exec 9>&-
}
is_over() { ! kill -0 "$mc_pid" 2>/dev/null; }

test_interrupt_exec_with_open_stdin() {
    start_web
    with_open_stdin exec -T web sh -c 'echo ready; sleep 60'
    wait_out ready
    kill -INT "$mc_pid"
    ends_with 130
}

test_exec_ends_with_open_stdin() {
    start_web
    with_open_stdin exec -T web sh -c 'exit 7'
    ends_with 7
}

test_interrupt_question() {
    start_web
    mc_ok stop
    with_open_stdin rm
    wait_out 'Going to remove'
    kill -INT "$mc_pid"
    ends_with 130
    is "$(all_containers)" "$P-web-1" "containers"
}

test_closed_descriptors() {
    start_web
    rc=0
    "$MCOMPOSE" exec -T web cat <&- >"$W/out" 2>"$W/err" || rc=$?
    rc_is 0
    "$MCOMPOSE" exec -T web echo hi </dev/null >&- 2>"$W/err" || rc=$?
    rc_is 0
    "$MCOMPOSE" exec -T web sh -c 'echo hi; exit 5' <&- >&- 2>&- || rc=$?
    rc_is 5
}

test_reader_leaves() {
    start_web
    timeout 20 "$MCOMPOSE" exec -T web yes </dev/null 2>"$W/err" | head -n 1 >"$W/out"
    out_is y
}

test_full_output() {
    start_web
    rc=0
    "$MCOMPOSE" exec -T web echo hi </dev/null >/dev/full 2>"$W/err" || rc=$?
    rc_is 1
    err_has '[Nn]o space left on device'
    rc=0
    "$MCOMPOSE" config >/dev/full 2>"$W/err" || rc=$?
    rc_is 1
}

check_main "$@"
