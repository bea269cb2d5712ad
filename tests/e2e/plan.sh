#!/usr/bin/env bash
# What would be done, and why; and that just this is done: plan, why, up --plan, and the labels behind them.
# engines: all
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

project() {
    cat >compose.yaml <<Y
services:
  db:
    image: nginx
    networks: {back: {aliases: [data]}, default: }
  web:
    image: alpine
    command: sleep 1000
    init: true
    stop_grace_period: 3s
    environment: {LEVEL: ${1:-info}, A_TOKEN: ${2:-one}}
    configs: [app]
    scale: ${3:-1}
configs: {app: {file: ./app.conf}}
networks: {back: }
Y
    [ -e app.conf ] || echo first >app.conf
}

plan_is() {
    mc plan
    rc_is "$1"
}

test_changes() {
    local before after
    project
    step "nothing is there"
    plan_is 2
    out_has "^container $P-web-1: create\$"
    out_has '^4 to create$'
    mc_ok up -d
    step "nothing to do"
    plan_is 0
    out_is 'nothing to do'
    step "fields, with their places, without secrets"
    project debug two
    plan_is 2
    out_has "^    environment.LEVEL: 'info' -> 'debug' \(compose.yaml:10:26\)\$"
    out_has "^    environment.A_TOKEN: '\*\*\*' -> '\*\*\*' \(compose.yaml:"
    out_has '^    interrupted: stopping may take up to 3 s \(stop_grace_period, compose.yaml:9:24\)'
    out_has '^1 to recreate, 1 as they should be$'
    before=$(lives)
    mc_ok up -d
    after=$(lives)
    is "$(changed_between "$before" "$after")" "$P-web-1" "recreated"
    step "why, afterwards"
    mc_ok why web
    out_has "^    made .* anew, because: .*environment.LEVEL: 'info' -> 'debug' \(compose.yaml:10:26\)"
    is "$(mc why db web && grep -c '^container ' "$W/out")" 2 "containers of two services"
    mc_fails why web dbb
    err_has 'no such service: dbb'
    [ "$(inspect "$P-web-1" '.Config.Labels | tostring' | grep -c '"one"\|"two"')" = 0 ] || fail "a secret in a label"
    step "the content of a config"
    echo second >app.conf
    plan_is 2
    out_has '^    configs.app: its content changed \(compose.yaml:13:'
    mc_ok up -d
    is "$(changed_between "$after" "$(lives)")" "$P-web-1" "recreated"
    plan_is 0
}

test_saved_plan() {
    local before
    project
    mc_ok up -d
    project debug one 2
    mc plan -o plan.json
    rc_is 2
    is "$(jq -r '[.resources[] | select(.action != "nothing") | "\(.name) \(.action)"] | sort | join(", ")' plan.json)" \
        "$P-web-1 recreate, $P-web-2 create" "resources"
    step "refused when something moved"
    before=$(lives)
    api -X POST "/containers/$P-db-1/stop?t=0" >/dev/null
    mc_fails up -d --plan plan.json
    err_has "^container $P-db-1: was running, is exited\$"
    api -X POST "/containers/$P-db-1/start" >/dev/null
    project other one 2
    mc_fails up -d --plan plan.json
    err_has '^service web: changed$'
    mc_fails up -d --plan plan.json --force-recreate
    project debug one 2
    is "$(lives | grep web)" "$(grep web <<<"$before")" "containers"
    step "carried out when it is all as it was"
    mc_ok up -d --plan plan.json
    plan_is 0
    is "$(running)" "$P-db-1 $P-web-1 $P-web-2" "running"
    mc_fails up -d --plan plan.json
}

test_taken_over_in_both_directions() {
    local before
    project
    oracle_ok up -d
    before=$(lives)
    plan_is 0
    mc_ok up -d
    is "$(lives)" "$before" "containers of the reference's"
    mc_ok down
    mc_ok up -d
    before=$(lives)
    oracle_ok up -d
    is "$(lives)" "$before" "containers of ours"
}

# Left by hand: joined again, with the reference's result, but for the mark of a recreate.
test_network_left() {
    local before
    project
    for program in ${ORACLE:+"$ORACLE"} "$MCOMPOSE"; do
        run_program "$program" up -d
        rc_is 0
        before=$(lives)
        api -X POST -H 'Content-Type: application/json' -d "{\"Container\":\"$P-db-1\",\"Force\":true}" \
            "/networks/${P}_back/disconnect"
        run_program "$program" up -d
        rc_is 0
        state | jq 'del(.containers[].Config.Labels["com.docker.compose.replace"])' >"$W/${program##*/}.state"
        [ "$program" != "$MCOMPOSE" ] || is "$(lives)" "$before" "containers"
        run_program "$program" down
        rc_is 0
    done
    [ -z "$ORACLE" ] || same_file "state" "$W/${ORACLE##*/}.state" "$W/${MCOMPOSE##*/}.state"
}

test_renamed_by_hand() {
    local before
    project
    mc_ok up -d
    api -X POST "/containers/$P-web-1/rename?name=$P-mine"
    before=$(lives)
    plan_is 0
    mc_ok up -d
    err_has "Container $P-mine +Running"
    is "$(lives)" "$before" "containers"
    if [ -n "$ORACLE" ]; then
        oracle_ok up -d
        is "$(lives)" "$before" "containers"
    fi
    project debug
    mc plan
    out_has "^container $P-web-1: recreate\$"
    mc_ok up -d
    is "$(running)" "$P-db-1 $P-web-1" "running"
}

# Foreseen alone; `up` makes the others and has it from the engine, as the reference.
test_name_taken_by_a_stranger() {
    compose_file <<Y
services:
  db: {image: alpine, container_name: $P-my.db}
  web: {image: alpine}
Y
    PROJECTS=$P-other
    api -X POST -H 'Content-Type: application/json' -d "{\"Image\": \"alpine\",
        \"Labels\": {\"com.docker.compose.project\": \"$P-other\"}}" "/containers/create?name=$P-my.db" >"$W/made"
    for command in plan "up -d --dry-run" "create --dry-run"; do
        step "$command"
        # shellcheck disable=SC2086 # words
        mc_fails $command
        err_has '^compose.yaml:2:39: error: services.db.container_name: .*already in use by container "[0-9a-f]{12}"$'
        err_has "hint: it belongs to project '$P-other'"
    done
    mc_fails create
    err_has "The container name \"/$P-my.db\" is already in use"
    api -X POST "/containers/$P-my.db/rename?name=$P-myxdb"
    plan_is 2
    out_has "^container $P-my.db: create\$"
}

check_main "$@"
