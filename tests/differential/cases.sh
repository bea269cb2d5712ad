#!/usr/bin/env bash
# Small Compose files, rendered by the reference and by us: the same exit code, the same YAML, the same JSON.
# The cases are tables in testdata/differential/*.cases; testdata/differential/README describes their format.
# Some 60 of a file are a test here, <file>.1, <file>.2, ... CASE=pattern plays only those whose name fits. What was
# compared before is compared in part only: lib/compared.sh.
# engines: none
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"
# shellcheck source=tests/differential/lib/parse.sh
. "$(dirname "$0")/lib/parse.sh"
# shellcheck source=tests/differential/lib/compared.sh
. "$(dirname "$0")/lib/compared.sh"

CASES=$ROOT/testdata/differential
PART=60 # cases of a test

# ---- one case; no process is started that need not be ------------------------------------------------------

# differs TEXT [OUTPUT]: the case goes on, the test will fail
differs() {
    printf 'differs: %s: %s\n' "$case_name" "$1"
    [ -z "${2:-}" ] || sed -n 1,40p <<<"$2"
    case_bad=1
}

# contents FILE: into $text, with the names of the directories replaced
contents() {
    IFS= read -r -d '' text <"$1" || true
    text=${text//"$case_dir/case"/DIR}
    text=${text//"$case_dir/home"/HOME}
    text=${text//"$case_dir"/UP}
    text=${text//"$W"/WORK}
}

# play_one PROGRAM ARGS...: in the case's directory and environment; leaves $rc, $out and $err
play_one() {
    local stdin=/dev/null
    [ ! -f "$case_dir/stdin" ] || stdin=$case_dir/stdin
    rc=0
    (
        cd "$case_dir/case/$case_cwd"
        exec env -i "PATH=$PATH" "HOME=$case_dir/home" LC_ALL=C.UTF-8 "DOCKER_CONFIG=$DOCKER_CONFIG" \
            "${case_env[@]}" "$@" <"$stdin" >"$W/out" 2>"$W/err"
    ) || rc=$?
    [ -z "$case_sorted" ] || LC_ALL=C sort -o "$W/out" "$W/out"
    contents "$W/out"
    out=$text
    contents "$W/err"
    err=$text
}

same_output() { # EXPECTED ACTUAL ARGS
    local changes
    [ "$1" != "$2" ] || return 0
    changes=$(diff -u --label expected --label actual <(printf %s "$1") <(printf %s "$2")) || true
    differs "stdout of '$3'" "$changes"
}

# said REGEX: our stderr has such a line
said() {
    local line
    while IFS= read -r line; do
        [[ ! $line =~ $1 ]] || return 0
    done <<<"$err"
    differs "our stderr has no line like: $1" "$err"
}

# compare same|other ARGS...: what we answered, $rc and $out, with the reference's answer
compare() {
    local ours_rc=$rc ours=$out kind=$1 digest
    shift
    compared_digest "$kind" "$*" "${case_text[@]}" "$rc" "$out"
    ! is_compared || return 0
    if [ -z "$ORACLE" ]; then
        case_unknown=1
        return
    fi
    play_one "$ORACLE" "$@"
    if [ "$kind" = same ]; then
        [ "$rc" = "$ours_rc" ] || differs "exit code of '$*': $ours_rc, the reference's is $rc" "$err"
        same_output "$out" "$ours" "$*"
    else
        [ "$rc$out" != "$ours_rc$ours" ] || differs "the reference does the same: no case for @ours"
    fi
    [ -n "$case_bad" ] || compared_add "$case_name $run_number"
}

# play_run ARGS...: one command line, with both
play_run() {
    local r
    play_one "$MCOMPOSE" "$@"
    if [ "$case_class" = ok ]; then
        [ "$rc" = 0 ] || differs "exit code of '$*': $rc" "$err"
    else
        [ "$rc" != 0 ] || differs "'$*' is accepted"
    fi
    [ "$case_class" != fails ] || said '^[^ ]+:[0-9]+:[0-9]+: error: '
    for r in "${case_stderr[@]}"; do said "$r"; done
    compare same "$@"
}

# play_ours ARGS...: what the case itself holds; without a reason that is `random...` the reference must differ
play_ours() {
    local r
    play_one "$MCOMPOSE" "$@"
    [ "$rc" = "$case_exit" ] || differs "exit code of '$*': $rc, should be $case_exit" "$err"
    if [ "$case_exit" = 0 ]; then
        contents "$case_dir/stdout"
        same_output "$text" "$out" "$*"
    fi
    for r in "${case_stderr[@]}"; do said "$r"; done
    [ "${case_reason#random}" != "$case_reason" ] || compare other "$@"
}

# play_case LINE...
play_case() {
    local line words out err rc text run_number=0
    case_bad='' case_unknown=''
    case_lines "$@"
    [ -e "$case_dir/stdout" ] || : >"$case_dir/stdout"
    for line in "${case_runs[@]}"; do
        run_number=$((run_number + 1))
        eval "words=($case_args $line)" # with quotes, as a shell has them
        [ -z "$case_bad" ] || break
        if [ "$case_class" = ours ]; then play_ours "${words[@]}"; else play_run "${words[@]}"; fi
    done
    if [ -n "$case_bad" ]; then
        failed=$((failed + 1))
    elif [ -n "$case_unknown" ]; then
        unknown=$((unknown + 1))
    else
        passed=$((passed + 1))
    fi
}

# play_part FILE FIRST LAST
play_part() {
    passed=0 failed=0 unknown=0
    compared_load "$1"
    parse_cases "$CASES/$1.cases" play_case "$2" "$3"
    compared_done
    [ "$unknown" = 0 ] || echo "cases that only the reference can tell: $unknown"
    echo "cases: $passed passed, $failed failed"
    [ $((passed + failed + unknown)) = $(($3 - $2 + 1)) ] || [ -n "${CASE:-}" ] || fail "not all cases were played"
    [ $((passed + failed)) -gt 0 ] || skip "no such case, or none without the reference"
    [ "$failed" = 0 ]
}

# parts FILE NUMBER: a test for each so many cases
parts() {
    local part=1 first=1 last size parts=$((($2 + PART - 1) / PART))
    size=$((($2 + parts - 1) / parts))
    while [ "$first" -le "$2" ]; do
        last=$((first + size - 1))
        [ "$last" -le "$2" ] || last=$2
        eval "test_$1.$part() { play_part $1 $first $last; }"
        first=$((last + 1)) part=$((part + 1))
    done
}

while read -r file number; do
    file=${file##*/}
    parts "${file%.cases}" "$number"
done < <(count_cases "$CASES"/*.cases)
check_main "$@"
