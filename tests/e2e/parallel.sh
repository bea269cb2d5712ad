#!/usr/bin/env bash
# How many calls are made at a time: --parallel and COMPOSE_PARALLEL_LIMIT.
# engines: any
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"
RECORD=${BUILD:-$ROOT/build}/tests/engine/record

creates() { grep -c '^\(held \)\?POST .*/containers/create' "$W/requests" || true; }
is_held() { grep -q '^held ' "$W/requests"; }

# creates_at_once COUNT ARGS...: while the first of three creates is not answered, so many are sent
creates_at_once() {
    local count=$1 orders
    shift
    [ -x "$RECORD" ] || fail "$RECORD is not built: make unit"
    echo 'services: {a: {image: alpine, scale: 3}}' | compose_file
    rm -f "$W/proxy.sock"
    : >"$W/requests"
    exec {orders}> >(exec "$RECORD" "$W/proxy.sock" "$ENGINE_DIR/docker.sock" "$W/requests")
    until_true 10 test -S "$W/proxy.sock" || fail "no proxy"
    echo 'POST .*/containers/create' >&"$orders"
    DOCKER_HOST=unix://$W/proxy.sock mc_bg "$@" up -d
    until_true 60 is_held || fail "no container is created"
    sleep 1 # for those that must not come
    kill -KILL "$mc_pid"
    mc_wait
    exec {orders}>&-
    is "$(creates)" "$count" "creates at once with '$*' and COMPOSE_PARALLEL_LIMIT=${COMPOSE_PARALLEL_LIMIT:-}"
}

test_no_limit() { creates_at_once 3; }
test_option() { creates_at_once 1 --parallel 1; }
test_option_minus_one() { creates_at_once 3 --parallel=-1; }
test_variable() { COMPOSE_PARALLEL_LIMIT=1 creates_at_once 1; }
test_variable_of_env_file() {
    echo COMPOSE_PARALLEL_LIMIT=1 >.env
    creates_at_once 1
}
test_option_wins() { COMPOSE_PARALLEL_LIMIT=1 creates_at_once 3 --parallel 3; }

check_main "$@"
