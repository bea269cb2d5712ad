#!/usr/bin/env bash
# The engine dies while mcompose works: it ends at once with exit code 1 and says so. These tests have engines of
# their own.
# engines: any
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

# own_engine: from now on DOCKER_HOST and ENGINE_DIR are an engine that may die.
own_engine() {
    OWN=$(engine_dir)
    trap 'own_engine_end' EXIT
    engine_start "$OWN" system || engine_start "$OWN" unstable || skip "no engine to kill"
    "$CHECK_LIB/base-image.sh" "$OWN/docker.sock"
    ENGINE_DIR=$OWN
    DOCKER_HOST=$(engine_host "$OWN")
    export DOCKER_HOST
}

own_engine_end() {
    local status=$?
    set +e
    engine_stop "$OWN"
    ENGINE_DIR=
    (exit "$status")
    check_end
}

slow_project() {
    compose_file <<'Y'
services:
  db:
    image: alpine
    command: [sleep, "60"]
    healthcheck: {test: ["CMD", "false"], interval: 60s, start_period: 60s}
  web:
    image: alpine
    command: [sleep, "60"]
    depends_on: {db: {condition: service_healthy}}
Y
}

is_running() { [ "$(running)" = "$1" ]; }

# dies_with_engine: kill the engine under the running command
dies_with_engine() {
    local start=$SECONDS
    engine_kill "$OWN"
    mc_wait
    rc_is 1
    [ $((SECONDS - start)) -le 10 ] || fail "took $((SECONDS - start)) seconds to notice"
    [ -s "$W/err" ] || fail "no message"
}

test_while_waiting() {
    own_engine
    slow_project
    mc_bg up -d
    until_true 20 is_running "$P-db-1" || fail "db never ran"
    dies_with_engine
}

test_while_attached() {
    own_engine
    compose_file <<'Y'
services:
  web: {image: alpine, command: [sh, -c, "echo ready; sleep 60"]}
Y
    mc_bg up
    wait_out ready
    engine_kill "$OWN"
    mc_wait
    is_oracle || rc_is 1
    is_oracle || [ -s "$W/err" ] || fail "no message"
}

test_while_following_logs() {
    own_engine
    compose_file <<'Y'
services:
  web: {image: alpine, command: [sh, -c, "echo ready; sleep 60"]}
Y
    mc_ok up -d
    mc_bg logs -f
    wait_out ready
    engine_kill "$OWN"
    mc_wait
    is_oracle || rc_is 1
}

check_main "$@"
