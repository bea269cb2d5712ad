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

check_main "$@"
