#!/usr/bin/env bash
# Services that another program provides, beside the reference: what the program is told, what becomes of what it
# says.
# engines: any
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

# A program that keeps what it is told in $W/asked.
provider() {
    mkdir -p "$W/bin"
    cat >"$W/bin/try" <<S
#!/bin/sh
[ "\$2" != metadata ] || exit 0
echo "\$*" | tr ' ' '\n' | LC_ALL=C sort | tr '\n' ' ' >>"$W/asked"
echo "FOO=\$FOO" >>"$W/asked"
[ "\$3" != up ] || echo '{"type":"setenv","message":"URL=http://there:1"}'
S
    chmod +x "$W/bin/try"
    PATH=$PATH:$W/bin
    echo FOO=bar >.env
    compose_file <<'Y'
services:
  db: {provider: {type: try, options: {size: 2, names: [a, b]}}}
  web: {image: alpine, init: true, command: [sleep, "1000"], depends_on: [db]}
Y
}

test_up_and_down() {
    local before
    provider
    mc plan
    rc_is 2
    out_has '^service db: its provider "try" is run'
    [ ! -s "$W/asked" ] || fail "plan runs it"
    mc_ok up -d
    out_is ""
    inspect "$P-web-1" '.Config.Env[]' | grep -qx DB_URL=http://there:1 || fail "web has no DB_URL"
    before=$(lives)
    mc_ok up -d
    is "$(lives)" "$before" "containers"
    mc_ok run --rm -T web env
    out_has '^DB_URL=http://there:1$'
    mc_ok down -t 0
    err_has '^ db +Removed'
    cp "$W/asked" "$W/ours"
    [ -n "$ORACLE" ] || return 0
    : >"$W/asked"
    oracle_ok up -d
    oracle_ok up -d
    oracle run --rm -T web env # fails after asking
    oracle_ok down -t 0
    same_file "what the program is told" "$W/asked" "$W/ours"
}

# Containers change hands without being made anew.
test_hands() {
    local before
    provider
    mc_ok up -d
    before=$(lives)
    oracle_ok up -d
    is "$(lives)" "$before" "containers"
    mc_ok up -d
    is "$(lives)" "$before" "containers"
}

# A path is one, as for docker compose.
test_path() {
    provider
    cp "$W/bin/try" provide.sh
    sed -i 's,type: try,type: ./provide.sh,' compose.yaml
    mc_ok up -d
    inspect "$P-web-1" '.Config.Env[]' | grep -qx DB_URL=http://there:1 || fail "web has no DB_URL"
    mc_ok down -t 0
    err_has '^ db +Removed'
}

test_failure() {
    provider
    sed -i 's/type: try/type: no-such-program/' compose.yaml
    mc_fails up -d
    at compose.yaml:2:18
    err_has 'exec: "no-such-program": executable file not found in \$PATH'
    [ -z "$(lives)" ] || fail "containers were made"
}

# Without the plugin that runs models nothing is made that would miss them.
test_models() {
    compose_file <<'Y'
services:
  web: {image: alpine, command: env, models: [m]}
  b: {image: alpine, command: env}
models: {m: {model: ai/x}}
Y
    mc_fails up -d
    err_has "'models' support requires Docker Model plugin"
    at compose.yaml:4:13
    [ -z "$(lives)" ] || fail "containers were made"
    mc_ok up -d b
}

# Docker's plugin for models, as far as it is asked; what it is told is in $W/asked.
model_plugin() {
    export DOCKER_CONFIG=$W/config
    mkdir -p "$DOCKER_CONFIG/cli-plugins"
    cat >"$DOCKER_CONFIG/cli-plugins/docker-model" <<S
#!/bin/sh
[ "\$1" != docker-cli-plugin-metadata ] || {
    echo '{"SchemaVersion": "0.1.0", "Vendor": "x", "Version": "v1.0.6"}'
    exit
}
echo "\$*" >>"$W/asked"
case \$1 in
ls) echo '[{"tags": ["ai/there"'"\$(cat "$W/pulled" 2>/dev/null)"']}]' ;;
status) echo '{"endpoint": "http://runner/v1/"}' ;;
pull)
    echo "Downloaded 1MB"
    printf ', "%s"' "\$2" >>"$W/pulled"
    ;;
configure) [ "\$4" != ai/bad ] || { echo "no such thing" >&2; exit 3; } ;;
esac
S
    chmod +x "$DOCKER_CONFIG/cli-plugins/docker-model"
    compose_file <<'Y'
services:
  web:
    image: alpine
    init: true
    command: [sleep, "1000"]
    environment: {EP: overridden}
    models: {llm: {endpoint_var: EP, model_var: MV}, small-one: }
models:
  llm: {model: ai/far, context_size: 1024, runtime_flags: ["--a", "--b=c"]}
  small-one: {model: ai/there, name: tiny}
  unused: {model: ai/unused}
Y
}

test_models_with_plugin() {
    local before
    model_plugin
    mc plan
    rc_is 2
    out_has '^model ai/far: pull$'
    out_lacks '^model ai/there'
    : >"$W/asked"
    mc_ok up -d
    err_has '^ llm Pulling Downloaded 1MB'
    err_lacks 'tiny Pulling'
    before=$(lives)
    is "$(inspect "$P-web-1" '.Config.Env[]' | grep -v PATH= | LC_ALL=C sort | tr '\n' ' ')" \
        "EP=http://runner/v1/ MV=ai/far SMALL_ONE_MODEL=ai/there SMALL_ONE_URL=http://runner/v1/ " "environment"
    LC_ALL=C sort "$W/asked" >"$W/ours"
    : >"$W/asked"
    rm "$W/pulled"
    mc_ok up -d --quiet-pull
    err_lacks Downloaded
    grep -q pull "$W/asked" || fail "nothing was pulled"
    : >"$W/asked"
    mc_ok up -d
    mc_ok plan
    mc_ok up -d --dry-run
    is "$(lives)" "$before" "containers"
    is "$(grep -c -e pull -e configure "$W/asked")" 2 "what was changed"
    [ -n "$ORACLE" ] || return 0
    : >"$W/asked"
    rm "$W/pulled"
    oracle_ok up -d
    is "$(lives)" "$before" "containers"
    LC_ALL=C sort "$W/asked" >"$W/theirs"
    same_file "what the plugin is told" "$W/theirs" "$W/ours"
}

test_model_failure() {
    model_plugin
    sed -i 's,ai/far,ai/bad,' compose.yaml
    mc_fails up -d
    at compose.yaml:9:8
    err_has 'docker model configure: exit status 3: no such thing'
    [ -z "$(lives)" ] || fail "containers were made"
}

check_main "$@"
