#!/usr/bin/env bash
# The five projects of testdata/stacks, from up to down, beside the reference.
# engines: any
# serial
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

# stack NAME PROJECT COMPOSE-ARGS...: work in a copy of it.
stack() {
    cp -r "$ROOT/testdata/stacks/$1" "$W/$1"
    cd "$W/$1"
    P=$2
    shift 2
    args=("$@")
}

# The reference's containers, networks and volumes against ours, where there is a reference.
same_objects() {
    if [ -n "$ORACLE" ]; then
        step "the reference's objects"
        oracle_ok "${args[@]}" up -d --build --wait
        state >"$W/oracle.state"
        progress "$W/err" >"$W/oracle.progress"
        oracle_ok "${args[@]}" down -v
        left_nothing
    fi
    step "up -d --build --wait: healthy, the same objects"
    mc_ok "${args[@]}" up -d --build --wait
    [ -n "$ORACLE" ] || return 0
    state >"$W/state"
    same_file "what the engine says of the project" "$W/oracle.state" "$W/state"
    progress "$W/err" >"$W/progress"
    same_file "progress" "$W/oracle.progress" "$W/progress"
}

# Neither a second up nor the reference's touches anything.
same_again() {
    local before
    before=$(lives)
    step "a second up -d changes nothing"
    mc_ok "${args[@]}" up -d
    is "$(lives)" "$before" "containers"
    if [ -n "$ORACLE" ]; then
        step "the reference recreates nothing of ours and sees all of it"
        oracle_ok "${args[@]}" up -d
        is "$(lives)" "$before" "containers"
        oracle_ok "${args[@]}" ps -a --format '{{.Name}}'
        cp "$W/out" "$W/oracle.names"
        mc_ok "${args[@]}" ps -a --format json
        jq -r .Name "$W/out" >"$W/names"
        same_file "ps" "$W/oracle.names" "$W/names"
    fi
}

# one_changes VARIABLE=VALUE CONTAINERS: exactly these are recreated
one_changes() {
    local before after
    step "$1 recreates $2 alone"
    before=$(lives)
    export "${1?}"
    mc_ok "${args[@]}" up -d --wait
    after=$(lives)
    unset "${1%%=*}"
    is "$(changed_between "$before" "$after")" "$2" "recreated"
}

goes_away() {
    step "down -v leaves nothing"
    mc_ok "${args[@]}" down -v
    left_nothing
}

# What the reference started: nothing recreated, listed, taken down.
takes_over() {
    local before
    [ -n "$ORACLE" ] || return 0
    step "takes over what the reference started"
    oracle_ok "${args[@]}" up -d --wait
    before=$(lives)
    mc_ok "${args[@]}" up -d --wait
    is "$(lives)" "$before" "containers"
    mc_ok "${args[@]}" ps -q
    is "$(sort "$W/out")" "$(api "/containers/json?$(project_filter)" | jq -r '.[].Id' | sort)" "ps -q"
    goes_away
}

test_ollama_chat_production() {
    stack ollama-chat ollama-chat -f docker-compose.prod.yml
    same_objects
    err_has 'version. is obsolete'
    same_again
    fetch http://127.0.0.1:8501/ | grep -q 'Ask me anything' || fail "no page"
    mc_ok "${args[@]}" logs --no-color --no-log-prefix chat
    out_has '^chat 1.4.0: models at http://host.docker.internal:11434, log level INFO$'
    out_has '^history limit: 200$'
    mc_ok "${args[@]}" exec -T chat whoami
    out_is chat
    mc_ok "${args[@]}" exec -T chat sh -c 'grep -c host.docker.internal /etc/hosts'
    out_is 1
    mc "${args[@]}" exec -T chat sh -c 'echo x >.env'
    rc_is 1
    one_changes LOG_LEVEL=WARNING ollama-chat-chat-1
    goes_away
    takes_over
}

test_ollama_chat_development() {
    stack ollama-chat ollama-chat -f docker-compose.prod.yml -f docker-compose.dev.yml -f docker-compose.with-ollama.yml
    same_objects
    same_again
    mc_ok "${args[@]}" logs --no-color --no-log-prefix chat
    out_has 'models at http://ollama:11434, log level DEBUG, --reload$'
    echo 'changed on the host' >app/www/new
    is "$(fetch http://127.0.0.1:8501/new)" 'changed on the host' "the mounted source"
    one_changes LOG_LEVEL=TRACE ollama-chat-chat-1
    goes_away
    takes_over
}

test_api_frontend_base() {
    stack api-frontend api-frontend -f docker-compose.yml
    same_objects
    same_again
    fetch http://127.0.0.1:8080/ | grep -q 'Hello from the frontend' || fail "no page"
    one_changes WORKERS=4 api-frontend-backend-1
    goes_away
}

test_api_frontend_development() {
    stack api-frontend api-frontend -f docker-compose.yml -f docker-compose.dev.yml
    same_objects
    same_again
    is "$(fetch http://127.0.0.1:8000/health)" '{"status":"ok"}' "the API"
    fetch http://127.0.0.1:5173/ | grep -q 'Hello from the frontend' || fail "no page"
    mc "${args[@]}" exec -T frontend sh -c 'echo x >/usr/share/nginx/html/x'
    rc_is 1
    one_changes WORKERS=8 api-frontend-backend-1
    goes_away
    takes_over
}

test_api_frontend_key_missing() {
    stack api-frontend api-frontend -f docker-compose.yml -f docker-compose.dev.yml
    rm .env
    mc_fails "${args[@]}" up -d
    err_has 'set API_KEY, see .env.example'
    at docker-compose.yml:8:16
    left_nothing
}

test_team_service() {
    stack team-service team-service-dev -f compose/docker-compose.dev.yml --env-file env/.env.dev
    same_objects
    same_again
    is "$(all_containers)" "team-dev-app team-dev-migrate team-dev-postgres team-dev-redis" "containers"
    is "$(inspect team-dev-migrate .State.Status)" exited "the migration"
    mc_ok "${args[@]}" logs --no-color --no-log-prefix migrate
    out_has '^migrate: done$'
    mc_ok "${args[@]}" exec app whoami
    out_is appuser
    one_changes LOG_LEVEL=warning team-dev-app
    goes_away
    takes_over
}

# The same through the team's Makefile.
test_team_service_makefile() {
    stack team-service team-service-dev
    PROJECTS=team-service-test
    step "dev-up, dev-status, dev-logs"
    run_program make -s MCOMPOSE="$MCOMPOSE" dev-up
    rc_is 0
    run_program make -s MCOMPOSE="$MCOMPOSE" dev-status
    rc_is 0
    out_has '^team-dev-app .*\(healthy\)'
    run_program make -s MCOMPOSE="$MCOMPOSE" dev-logs
    rc_is 0
    out_has 'app: development, database postgres:5432/team_development, log level debug'
    step "dev-rebuild"
    echo 'echo rebuilt' >>docker/app/marker && sed -i 's/^USER appuser/RUN touch rebuilt\n&/' docker/app/Dockerfile
    run_program make -s MCOMPOSE="$MCOMPOSE" dev-rebuild
    rc_is 0
    mc_ok -f compose/docker-compose.dev.yml --env-file env/.env.dev exec -T app ls rebuilt
    step "dev-down keeps the data"
    run_program make -s MCOMPOSE="$MCOMPOSE" dev-down
    rc_is 0
    is "$(container_ids)$(network_ids)" "" "left"
    is "$(volume_names | wc -l)" 3 "volumes"
    step "test-up"
    run_program make -s MCOMPOSE="$MCOMPOSE" test-up
    rc_is 0
    out_has '2 passed'
    left_nothing team-service-test
}

test_vision_api() {
    stack vision-api vision-api
    same_objects
    same_again
    is "$(fetch http://127.0.0.1:8000/api/health)" '{"status":"ok"}' "the API"
    mc_ok exec -T api id -u
    out_is 1000
    mc exec -T api sh -c 'echo x >>data/labels.txt'
    rc_is 1
    one_changes THRESHOLD=0.9 vision-api-api-1
    goes_away
    takes_over
}

shop_platform() {
    case $(uname -m) in
    x86_64) export SHOP_PLATFORM=linux/amd64 ;;
    aarch64) export SHOP_PLATFORM=linux/arm64 ;;
    esac
}

test_django_shop_local() {
    shop_platform
    stack django-shop shop-local -f local.yml
    same_objects
    same_again
    is "$(fetch http://127.0.0.1:8000/health/)" ok "the shop"
    mc_ok "${args[@]}" exec -T django cat /run/secrets/token
    out_is token-from-dot-env
    mc_ok "${args[@]}" exec -T django cat /banner /app/settings.ini
    out_has '^It costs \$5\.$'
    out_has '^currency = EUR$'
    mc_ok "${args[@]}" exec -T django sh -c 'echo "$DJANGO_KEY|$DJANGO_SECRET|$DJANGO_TITLE"'
    out_has '^-----END KEY-----\|not\$interpolated # and not a comment\|The "Shop" # with a hash$'
    mc_ok "${args[@]}" logs --no-color --no-log-prefix django
    out_has '^django: config.settings.local, admins: 2$'
    one_changes WORKER_LOG_LEVEL=debug shop-local-worker-1
    goes_away
    takes_over
}

test_django_shop_production() {
    shop_platform
    KEEP_SUBNET=10.203.91
    stack django-shop shop -f production.yml
    same_objects
    same_again
    is "$(running)" "shop-django-1 shop-django-2 shop-postgres-1 shop-redis-1 shop-traefik-1" "containers"
    mc_ok "${args[@]}" exec -T --index 2 django whoami
    out_is django
    one_changes SHOP_DOMAIN=other.example.com "shop-django-1 shop-django-2"
    step "fewer replicas"
    SHOP_DOMAIN=other.example.com DJANGO_REPLICAS=1 mc_ok "${args[@]}" up -d
    is "$(running)" "shop-django-1 shop-postgres-1 shop-redis-1 shop-traefik-1" "containers"
    goes_away
    takes_over
}

check_main "$@"
