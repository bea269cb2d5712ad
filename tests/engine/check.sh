# shellcheck shell=bash
# shellcheck disable=SC2034 # what it sets is for the tests
# check.sh: what the end-to-end and differential tests are written with.
#
# A test script sources this file, defines functions named test_<what> and ends with `check_main "$@"`. Each
# function runs in a process of its own, in a fresh directory whose name is the project's name ($P), with
#     MCOMPOSE      the program under test
#     ORACLE        the reference docker compose; empty where it cannot be had
#     DOCKER_HOST   the engine; its directory is ENGINE_DIR, its version ENGINE
# A check that fails prints what was seen and ends the test. Whatever a test made is removed when it ends.
#
# Two comments in a script's head tell tests/run how to run it:
#     # engines: all       on every engine (any: on one of them in turn; some: half
#                          of its tests, other ones every day; none: without)
#     # serial             its tests share ports or names: one after the other

CHECK_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$CHECK_LIB/../.." && pwd)
# shellcheck source=tests/engine/engine.sh
. "$CHECK_LIB/engine.sh"

# ---- running the program -----------------------------------------------------------------------------------

# run_program PROGRAM ARGS...: leaves $rc, $W/out and $W/err. $INPUT: a file with the answers to questions.
run_program() {
    rc=0
    ran="${1##*/} ${*:2}"
    "$@" >"$W/out" 2>"$W/err" <"${INPUT:-/dev/null}" || rc=$?
}

# mc ARGS...: mcompose, whatever its exit code.
mc() { run_program "$MCOMPOSE" "$@"; }

# mc_ok ARGS...: mcompose, which must succeed.
mc_ok() {
    mc "$@"
    rc_is 0
}

# mc_fails ARGS...: mcompose, which must end with exit code 1.
mc_fails() {
    mc "$@"
    rc_is 1
}

# oracle ARGS... and oracle_ok ARGS...: the same with the reference.
oracle() {
    [ -n "$ORACLE" ] || skip "no reference docker compose"
    run_program "$ORACLE" "$@"
}
oracle_ok() {
    oracle "$@"
    # old engines may give two networks that are made at the same time the same addresses
    if [ "$rc" != 0 ] && grep -q 'Pool overlaps' "$W/err"; then oracle "$@"; fi
    rc_is 0
}

# mc_bg ARGS...: mcompose in the background, so that signals can be sent to $mc_pid; mc_wait collects it.
mc_bg() {
    ran="mcompose $*"
    : >"$W/out"
    : >"$W/err"
    set -m # else the shell would have it ignore SIGINT
    "$MCOMPOSE" "$@" >"$W/out" 2>"$W/err" </dev/null &
    mc_pid=$!
    set +m
}
mc_wait() {
    rc=0
    wait "$mc_pid" || rc=$?
}

# Does the reference stand in for mcompose? Then what only mcompose promises is not checked.
is_oracle() { [ "${MCOMPOSE##*/}" = docker-compose ]; }

# ---- checks ------------------------------------------------------------------------------------------------

fail() {
    {
        echo "FAILED: $*"
        [ -z "${ran:-}" ] || {
            echo "--- last command: $ran (exit code ${rc:-none})"
            sed 's/^/out| /' "$W/out"
            sed 's/^/err| /' "$W/err"
        }
    } >&2
    exit 1
}

skip() {
    echo "skip: $*"
    exit 77
}

step() { echo "- $*"; }

rc_is() { [ "$rc" = "$1" ] || fail "exit code $rc, expected $1"; }
out_has() { grep -qE -e "$1" "$W/out" || fail "stdout has no line like: $1"; }
out_lacks() { ! grep -qE -e "$1" "$W/out" || fail "stdout has a line like: $1"; }
err_has() { grep -qE -e "$1" "$W/err" || fail "stderr has no line like: $1"; }
err_lacks() { ! grep -qE -e "$1" "$W/err" || fail "stderr has a line like: $1"; }
err_empty() { [ ! -s "$W/err" ] || fail "stderr is not empty"; }
out_is() { [ "$(cat "$W/out")" = "$1" ] || fail "stdout is not: $1"; }
is() { [ "$1" = "$2" ] || fail "${3:-value}: '$1', expected '$2'"; }

# at FILE:LINE:COL: mcompose's message names this place (docker compose has no positions).
at() { is_oracle || err_has "(^|[ /'\"])${1//./\\.}(:|[^0-9]|\$)"; }

# err_once PATTERN: one message, said once; the source line it shows and the hint do not count.
err_once() {
    is_oracle && return
    [ "$(grep -vE '^ +([0-9]+ )?(\||= hint)' "$W/err" | grep -cE -e "$1")" = 1 ] || fail "stderr does not have exactly one line like: $1"
}

# same_file WHAT EXPECTED ACTUAL
same_file() {
    diff -u --label "expected" --label "actual" "$2" "$3" >"$W/diff" && return
    sed -n 1,80p "$W/diff" >&2
    unset ran
    fail "$1 differs"
}

# until_true SECONDS COMMAND...: wait for something that another process does.
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.05
    done
}
wait_out() { until_true "${2:-20}" grep -qE -e "$1" "$W/out" || fail "stdout never had a line like: $1"; }

# wait_logs SERVICE PATTERN: an engine may say "exited" before the last line is in the log
wait_logs() {
    logs_have() {
        mc logs --no-log-prefix "$1"
        grep -qE -e "$2" "$W/out"
    }
    until_true 20 logs_have "$1" "$2" || fail "the log never had a line like: $2"
}

# progress FILE: progress lines as a sorted set, without what depends on timing.
progress() { grep -E '^ (Container|Network|Volume|Image) ' "$1" | LC_ALL=C sort -u || true; }

# ---- the engine --------------------------------------------------------------------------------------------

api() { engine_api "$ENGINE_DIR" "$@"; }

# project_filter [PROJECT]: the engine's filter for what belongs to the project.
project_filter() {
    printf 'filters=%%7B%%22label%%22%%3A%%5B%%22com.docker.compose.project%%3D%s%%22%%5D%%7D' "${1:-$P}"
}

container_ids() { api "/containers/json?all=1&$(project_filter "${1:-$P}")" | jq -r '.[].Id'; }
network_ids() { api "/networks?$(project_filter "${1:-$P}")" | jq -r '.[].Id'; }
volume_names() { api "/volumes?$(project_filter "${1:-$P}")" | jq -r '.Volumes // [] | .[].Name'; }

# inspect NAME [FILTER]: of a container
inspect() { api "/containers/$1/json" | jq -r "${2:-.}"; }

# running: names of the project's running containers, sorted, on one line
running() {
    api "/containers/json?$(project_filter)" | jq -r '[.[].Names[0][1:]] | sort | join(" ")'
}

# all_containers: the same with the stopped ones
all_containers() {
    api "/containers/json?all=1&$(project_filter)" | jq -r '[.[].Names[0][1:]] | sort | join(" ")'
}

# lives [PROJECT]: a line per container that changes when it is recreated or, if it runs, restarted (one that has
# done its work and exited is run again by every up, the reference's as well)
lives() {
    local id
    for id in $(container_ids "${1:-$P}"); do
        inspect "$id" '"\(.Name) \(.Id[:12]) \(if .State.Running then .State.StartedAt else "" end)"'
    done | LC_ALL=C sort
}

# changed_between BEFORE AFTER: services' containers whose line differs, as names on one line
changed_between() {
    diff <(echo "$1") <(echo "$2") | sed -n 's/^[<>] \/\([^ ]*\).*/\1/p' | LC_ALL=C sort -u | tr '\n' ' ' | sed 's/ $//'
}

left_nothing() {
    local p=${1:-$P}
    is "$(container_ids "$p")" "" "containers left"
    is "$(network_ids "$p")" "" "networks left"
    is "$(volume_names "$p")" "" "volumes left"
}

# state [PROJECT]: containers, networks and volumes as the engine describes them, ids, times and addresses aside
state() {
    local p=${1:-$P}
    {
        each_of container "/containers/%s/json" "$(container_ids "$p")"
        each_of network "/networks/%s" "$(network_ids "$p")"
        each_of volume "/volumes/%s" "$(volume_names "$p")"
    } | jq -S -s -L "$CHECK_LIB" --arg keep "${KEEP_SUBNET:--}" 'include "state"; state($keep)'
}

# each_of KIND PATH NAMES: what the engine says of each, in one go
each_of() {
    local names
    [ -n "$3" ] || return 0
    names=$(paste -sd, <<<"$3")
    # shellcheck disable=SC2059 # the path is a format
    api "$(printf "$2" "{$names}")" | jq -c "{$1: .}"
}

# published CONTAINER PORT: the host port, as the engine chose it
published() {
    inspect "$1" ".NetworkSettings.Ports[\"$2/tcp\"][0].HostPort"
}

# fetch URL: from where the engine publishes its ports
fetch() { engine_netns "$ENGINE_DIR" curl -sf --max-time 5 "$1"; }

# remove_project PROJECT: whatever a test left, without any compose
remove_project() {
    local x
    for x in $(container_ids "$1"); do api -X DELETE "/containers/$x?force=1&v=1" >/dev/null || true; done
    for x in $(network_ids "$1"); do api -X DELETE "/networks/$x" >/dev/null || true; done
    for x in $(volume_names "$1"); do api -X DELETE "/volumes/$x?force=1" >/dev/null || true; done
}

# ---- files -------------------------------------------------------------------------------------------------

# compose_file [NAME]: standard input becomes the file
compose_file() { cat >"${1:-compose.yaml}"; }

# ---- the frame ---------------------------------------------------------------------------------------------

check_list() { declare -F | sed -n 's/^declare -f test_//p'; }

check_end() {
    local status=$? p
    set +e
    trap - EXIT INT TERM
    [ -z "${mc_pid:-}" ] || kill -KILL "$mc_pid" 2>/dev/null || true
    if [ -n "${ENGINE_DIR:-}" ]; then
        for p in $P ${PROJECTS:-}; do remove_project "$p" 2>/dev/null || true; done
    fi
    cd /
    rm -rf "$W"
    exit "$status"
}

check_main() {
    if [ "${1:-}" = --list ]; then
        check_list
        return
    fi
    W=$(mktemp -d "${TMPDIR:-/tmp}/mcompose-check.XXXXXX")
    P=$(basename "$0" .sh)-${1//_/-}
    trap check_end EXIT
    trap 'exit 143' TERM
    trap 'exit 130' INT
    mkdir "$W/$P" "$W/docker"
    : >"$W/out"
    : >"$W/err"
    cd "$W/$P" || exit 1
    # no settings of the person who runs the tests
    unset "${!COMPOSE_@}" NO_COLOR
    export LC_ALL=C.UTF-8
    export DOCKER_CONFIG=$W/docker
    : "${ORACLE:=}"
    "test_$1"
}
