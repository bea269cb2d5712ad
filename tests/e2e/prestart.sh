#!/usr/bin/env bash
# pre_start (docker compose 5): containers that share volumes and networks with a service and must end well before it
# is started.
# engines: any
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

hooks() { api "/containers/json?all=1&filters=%7B%22label%22%3A%5B%22com.docker.compose.hook%3Dpre_start%22%2C%22com.docker.compose.project%3D$P%22%5D%7D"; }

test_success() {
    compose_file <<'Y'
services:
  web:
    image: alpine
    command: sh -c 'cat /data/made && exec sleep 1000'
    environment: {A: service, B: service}
    volumes: ["made:/data"]
    networks: [one, two]
    pre_start:
      - {command: "sh -c 'echo $$A $$B $$PWD >/data/made'", environment: {B: hook}, working_dir: /tmp}
      - {image: busybox, command: "sh -c 'ip -o -4 addr | wc -l >>/data/made'"}
volumes: {made: {}}
networks: {one: {}, two: {}}
Y
    mc_ok up -d
    wait_logs web '^service hook /tmp$'
    mc logs --no-log-prefix web
    out_has '^3$' # lo and both networks
    is "$(hooks | jq length)" 0 "hook containers that are left"
    step "once: not when a replica runs"
    mc_ok up -d --scale web=2
    both_said() {
        mc logs --no-log-prefix web
        [ "$(grep -c '^3$' "$W/out")" = 2 ]
    }
    until_true 20 both_said || fail "the second replica did not say what the hooks made"
    is "$(grep -c 'service hook' "$W/out")" 2
    is "$(sort -u "$W/out" | grep -c .)" 2 "lines made by the hooks"
    step "config --images"
    mc_ok config --images
    out_is "alpine
busybox"
}

test_failure() {
    compose_file <<'Y'
services:
  web:
    image: alpine
    command: sleep 1000
    pre_start:
      - command: sh -c 'echo fine; echo no luck >&2; exit 7'
Y
    mc_fails up -d
    err_has 'service "web" pre_start\[0\] exited with code 7: no luck \(hook container [0-9a-f]{12} retained for inspection\)'
    at compose.yaml:6:9
    is "$(hooks | jq length)" 1 "hook containers kept"
    is "$(inspect "$P-web-1" .State.Status)" created
    step "the next run puts it away"
    sed -i 's/exit 7/exit 0/' compose.yaml
    mc_ok up -d -t 0
    is "$(hooks | jq length)" 0 "hook containers"
    step "and so does down"
    sed -i 's/exit 0/exit 7/' compose.yaml
    mc_fails up -d -t 0
    is "$(hooks | jq length)" 1 "hook containers kept"
    mc_ok down -t 0
    is "$(hooks | jq length)" 0 "hook containers"
}

test_attached() {
    compose_file <<'Y'
services:
  web:
    image: alpine
    command: echo served
    pre_start: [{command: "echo prepared"}]
Y
    mc_ok up
    out_has '^web pre_start\[0\] -> *\| prepared$'
    out_has '^web-1 .*\| served$'
    step "per_replica"
    sed -i 's/"echo prepared"/echo, per_replica: true/' compose.yaml
    mc_fails up -d
    err_has 'per_replica is not yet supported'
    at compose.yaml:5:46
}

check_main "$@"
