#!/usr/bin/env bash
# `up` in the foreground: output, signals, abort conditions, exit codes.
# engines: any
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

# Two services that end at once on SIGTERM, web after db.
two_services() {
    compose_file <<'Y'
services:
  db:
    image: alpine
    command: [sh, -c, "trap 'echo db ends; exit 0' TERM; echo db ready; while :; do sleep 1000 & wait; done"]
  web:
    image: alpine
    command: [sh, -c, "trap 'echo web ends; exit 0' TERM; echo web ready; while :; do sleep 1000 & wait; done"]
    depends_on: [db]
Y
}

finished() { inspect "$1" .State.FinishedAt; }

interrupted_by() {
    two_services
    mc_bg up
    wait_out 'db-1 +\| db ready'
    wait_out 'web-1 +\| web ready'
    out_has '^Attaching to db-1, web-1$'
    kill "-$1" "$mc_pid"
    mc_wait
    rc_is 130
    out_has 'Gracefully Stopping'
    is "$(running)" "" "running"
    is "$(all_containers)" "$P-db-1 $P-web-1" "kept"
    [[ "$(finished "$P-web-1")" < "$(finished "$P-db-1")" ]] || fail "db was stopped before web, which needs it"
}

test_sigint() { interrupted_by INT; }
test_sigterm() { interrupted_by TERM; }

test_second_sigint_kills() {
    is_oracle && skip "docker compose waits for the grace period"
    compose_file <<'Y'
services:
  deaf:
    image: alpine
    command: [sh, -c, "trap 'echo heard' TERM; echo ready; while :; do sleep 1000 & wait; done"]
    stop_grace_period: 60s
Y
    mc_bg up
    wait_out ready
    kill -INT "$mc_pid"
    wait_out 'Gracefully Stopping'
    sleep 0.5
    kill -INT "$mc_pid"
    until_true 10 [ ! -d "/proc/$mc_pid" ] || fail "still waiting"
    mc_wait
    rc_is 130
    is "$(running)" "" "running"
    is "$(inspect "$P-deaf-1" .State.ExitCode)" 137 "exit code"
}

test_timeout_counts_on_sigint() {
    local start=$SECONDS
    is_oracle && skip "docker compose waits for the grace period"
    compose_file <<'Y'
services:
  deaf:
    image: alpine
    command: [sh, -c, "trap '' TERM; echo ready; while :; do sleep 1000 & wait; done"]
    stop_grace_period: 60s
Y
    mc_bg up -t 1
    wait_out ready
    kill -INT "$mc_pid"
    mc_wait
    rc_is 130
    [ $((SECONDS - start)) -lt 40 ] || fail "-t did not count"
    is "$(inspect "$P-deaf-1" .State.ExitCode)" 137 "exit code"
}

# What has stopped since the first one needs no killing.
test_second_sigint_after_some_stopped() {
    is_oracle && skip "docker compose waits for the grace period"
    compose_file <<'Y'
services:
  deaf: {image: alpine, command: [sh, -c, "trap '' TERM; echo ready; while :; do sleep 1000 & wait; done"], stop_grace_period: 60s}
  quick: {image: alpine, init: true, command: [sleep, "1000"]}
Y
    mc_bg up
    wait_out ready
    kill -INT "$mc_pid"
    until_true 10 eval '[ "$(running)" = "$P-deaf-1" ]'
    kill -INT "$mc_pid"
    until_true 10 [ ! -d "/proc/$mc_pid" ] || fail "still waiting"
    mc_wait
    rc_is 130
    err_lacks 'not running'
    is "$(running)" "" "running"
}

test_sigint_while_waiting_for_health() {
    compose_file <<'Y'
services:
  db:
    image: alpine
    command: [sleep, "60"]
    init: true
    healthcheck: {test: ["CMD", "false"], interval: 60s, start_period: 60s}
  web:
    image: alpine
    depends_on: {db: {condition: service_healthy}}
Y
    mc_bg up -d
    db_runs() { [ "$(running)" = "$P-db-1" ]; }
    until_true 20 db_runs || fail "db never ran"
    kill -INT "$mc_pid"
    mc_wait
    rc_is 130
    is "$(inspect "$P-web-1" .State.Status)" created "the dependant"
}

test_all_exit() {
    compose_file <<'Y'
services:
  good: {image: alpine, command: [sh, -c, "echo fine; echo warned >&2"]}
  bad: {image: alpine, command: [sh, -c, "printf unfinished; exit 3"]}
Y
    mc_ok up
    out_has '^good-1 +\| fine$'
    err_has '^good-1 +\| warned$'
    out_has '^bad-1 +\| unfinished$'
    out_has 'bad-1 exited with code 3'
    out_has 'good-1 exited with code 0'
}

test_no_log_prefix() {
    compose_file <<'Y'
services:
  one: {image: alpine, command: [echo, bare]}
Y
    mc_ok up --no-log-prefix
    out_has '^bare$'
}

abort_project() {
    compose_file <<'Y'
services:
  job: {image: alpine, command: [sh, -c, "sleep 0.5; exit 7"]}
  server:
    image: alpine
    command: [sh, -c, "trap 'exit 9' TERM; while :; do sleep 1000 & wait; done"]
Y
}

test_abort_on_container_exit() {
    abort_project
    mc up --abort-on-container-exit
    rc_is 7
    err_has 'Aborting on container exit'
    is "$(running)" "" "running"
}

# Only what was asked for is stopped and waited for: what it depends on runs on.
test_abort_leaves_dependencies() {
    compose_file <<'Y'
services:
  web: {image: alpine, init: true, command: [sleep, "1000"]}
  job: {image: alpine, depends_on: [web], command: [sh, -c, "exit 7"]}
Y
    mc up --abort-on-container-exit job
    rc_is 7
    is "$(running)" "$P-web-1" "running"
    mc up --abort-on-container-failure job
    rc_is 7
    is "$(running)" "$P-web-1" "running"
}

test_exit_code_from_trigger() {
    abort_project
    mc up --exit-code-from job
    rc_is 7
}

test_exit_code_from_other() {
    abort_project
    mc up --exit-code-from server
    rc_is 9
}

test_exit_code_from_success() {
    compose_file <<'Y'
services:
  tests: {image: alpine, command: [sh, -c, "echo 5 passed"]}
Y
    mc_ok up --exit-code-from tests
    out_has '5 passed'
}

# By somebody else: told, and followed under its own name.
test_recreated_service_is_followed() {
    compose_file <<'Y'
services:
  web: {image: alpine, init: true, command: [sh, -c, "echo round $N; sleep 1000"]}
Y
    N=1 mc_bg up
    wait_out '^web-1 +\| round 1$'
    mc_pid2=$mc_pid
    cp "$W/out" "$W/first"
    N=2 "$MCOMPOSE" up -d -t 1 >/dev/null 2>&1
    wait_out '^web-1 has been recreated$'
    wait_out '^web-1 +\| round 2$'
    out_lacks '[0-9a-f]{12}_'
    kill -INT "$mc_pid2"
    mc_pid=$mc_pid2
    mc_wait
    rc_is 130
}

test_restarting_service_is_followed() {
    compose_file <<'Y'
services:
  again:
    image: alpine
    command: [sh, -c, "echo round; sleep 0.2; exit 2"]
    restart: always
Y
    mc_bg up
    twice() { [ "$(grep -c '| round$' "$W/out")" -ge 2 ]; }
    until_true 20 twice || fail "the second round is missing"
    out_has 'again-1 exited with code 2 \(restarting\)'
    kill -INT "$mc_pid"
    mc_wait
    rc_is 130
    is "$(running)" "" "running"
}

# A person's terminal: output through a pseudo terminal, Ctrl-C as a key.
test_terminal() {
    two_services
    cat >"$W/drive" <<'D'
#!/bin/sh
exec "$MCOMPOSE" up --menu=false
D
    is_oracle || sed -i 's/ --menu=false//' "$W/drive"
    chmod +x "$W/drive"
    (
        until_true 20 grep -q 'web ready' "$W/out" || true
        printf '\003'
        sleep 1
    ) | script -fqec "$W/drive" /dev/null >"$W/out" 2>"$W/err" || rc=$?
    rc_is 130
    out_has 'web ready'
    out_has 'Gracefully Stopping'
    is "$(running)" "" "running"
}

check_main "$@"
