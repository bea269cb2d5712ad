#!/usr/bin/env bash
# Pulling, from a registry of our own.
# engines: all
# serial
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"
# shellcheck source=tests/engine/registry.sh
. "$CHECK_LIB/registry.sh"

has_image() { api "/images/$1/json" | jq -e .Id >/dev/null; }
remove_image() { api -X DELETE "/images/$1?force=1" >/dev/null; }

with_registry() {
    registry=$(registry_start "$ENGINE_DIR") || skip "no registry to be had"
    registry_push "$ENGINE_DIR" alpine "$P" 1 || fail "cannot push"
    image=$registry/$P:1
    ! has_image "$image" || fail "the image is still there"
}

test_pull() {
    with_registry
    printf 'services: {web: {image: "%s", command: ["true"]}, built: {build: .}}\n' "$image" | compose_file
    mc_ok pull web
    err_has '^ web Pulled|^ Image .* Pulled'
    has_image "$image" || fail "not pulled"
    mc_ok pull --quiet web
    remove_image "$image"
}

test_up_pulls_what_is_missing() {
    with_registry
    printf 'services: {web: {image: "%s", command: ["sleep", "60"], init: true}}\n' "$image" | compose_file
    mc_ok up -d
    err_lacks '^ [^ ]+ Pulling from' # a line about the image as a whole
    is "$(running)" "$P-web-1" "running"
    mc_ok up -d
    err_lacks Pull
    mc_ok down --rmi all
    ! has_image "$image" || fail "the image is still there"
}

test_quiet() {
    with_registry
    printf 'FROM alpine\nRUN echo hello\n' >Dockerfile
    printf 'services: {web: {image: "%s", command: ["true"]}, b: {build: {context: ., no_cache: true}}}\n' "$image" |
        compose_file
    mc_ok create --build --quiet-pull web
    is "$(grep -c Pull "$W/err")" 2 "lines about the pull"
    mc_ok up --quiet-build --build --no-start b
    err_lacks hello
    mc_ok run --quiet-build --build --rm -T b true
    err_lacks hello
}

test_build_on_a_pulled_base() {
    with_registry
    printf 'FROM %s\nCMD ["echo", "built on it"]\n' "$image" >Dockerfile
    printf 'services: {web: {build: .}}\n' | compose_file
    mc_ok build
    mc_ok run --rm -T web
    out_has '^built on it$'
}

# BuildKit cannot log in without a session: the base is pulled before the build.
test_build_on_a_base_behind_a_login() {
    registry=$(registry_start "$ENGINE_DIR" 5001) || skip "no registry to be had"
    registry_push "$ENGINE_DIR" alpine "$P" 1 5001 || fail "cannot push"
    image=$registry/$P:1
    printf 'ARG TAG=none\nFROM %s:${TAG} AS base\nFROM base\nCMD ["echo", "built on it"]\n' "$registry/$P" >Dockerfile
    printf 'services: {web: {build: {context: ., args: {TAG: "1"}}}}\n' | compose_file
    mkdir config
    export DOCKER_CONFIG=$PWD/config
    mc_fails build
    ! has_image "$image" || fail "the image is there without a login"
    printf '{"auths": {"%s": {"auth": "%s"}}}\n' "$registry" "$REGISTRY_LOGIN" >config/config.json
    mc_ok build
    mc_ok run --rm -T web
    out_has '^built on it$'
    unset DOCKER_CONFIG
    remove_image "$image"
}

test_policies() {
    with_registry
    printf 'services: {web: {image: "%s", command: ["true"], pull_policy: never}}\n' "$image" | compose_file
    mc_fails up -d
    mc_ok up -d --pull always
    has_image "$image" || fail "not pulled"
    mc_ok down
    remove_image "$image"
}

test_missing_tag() {
    with_registry
    printf 'services: {web: {image: "%s-nope"}, other: {image: alpine}}\n' "$image" | compose_file
    mc_fails up -d
    err_has "$P:1-nope.*not found|manifest.*unknown|not found"
    is "$(container_ids)" "" "containers"
    mc_fails pull
}

check_main "$@"
