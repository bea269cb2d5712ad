#!/usr/bin/env bash
# Scenarios of steps, played with the reference and with us, one after the other: after each step the engine must
# hold the same, the same containers must have been made anew, started, left alone; the exit code and stdout are the
# same, and we ask the engine no more often. What was compared before is compared in part only: lib/compared.sh.
# The scenarios are in testdata/differential/steps/*.steps; the README there describes their format. A few of a file
# are a test here, <file>.1, <file>.2, ... CASE=pattern plays only those whose name fits.
# engines: some
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"
STEPS_LIB=$(cd "$(dirname "$0")/lib" && pwd)
# shellcheck source=tests/differential/lib/parse.sh
. "$STEPS_LIB/parse.sh"
# shellcheck source=tests/differential/lib/steps.sh
. "$STEPS_LIB/steps.sh"
COMPARE_SHARE=${COMPARE_SHARE:-8}
# shellcheck source=tests/differential/lib/compared.sh
. "$STEPS_LIB/compared.sh"

STEPS=$ROOT/testdata/differential/steps
RECORD=${BUILD:-$ROOT/build}/tests/engine/record
PART=3 # scenarios of a test

differs() { # TEXT [FILE]
    printf 'differs: %s, step %s: %s\n' "$case_name" "$step_said" "$1"
    [ -z "${2:-}" ] || sed -n 1,80p "$2"
    case_bad=1
}

# same_text WHAT EXPECTED ACTUAL
same_text() {
    [ "$2" = "$3" ] || differs "$1" <(diff -u --label reference --label mcompose <(printf '%s\n' "$2") <(printf '%s\n' "$3"))
}

without_ids() { sed -E 's/[0-9a-f]{64}/ID/g; s/-run-[0-9a-f]{12}/-run-SLUG/g' "$1"; } # FILE

same_output() { # STEP
    same_text stdout "$(without_ids "$W/oracle/$1.out")" "$(without_ids "$W/mc/$1.out")"
}

# locks FILE: requests for the lock, taken and let go, or looked for and nothing else with it
locks() {
    awk '/^DELETE .*mcompose-lock-/ { n += 2 } /^GET .*name%22%3A%7B%22mcompose-lock-/ { n++ } END { print n + 0 }' "$1"
}

requests_beyond_lock() { echo $(($(wc -l <"$1") - $(locks "$1"))); } # FILE

# few_requests STEP MORE: those for our lock, which the reference has not, do not count
few_requests() {
    local theirs ours lock
    theirs=$(wc -l <"$W/oracle/$1.requests")
    ours=$(wc -l <"$W/mc/$1.requests")
    lock=$(locks "$W/mc/$1.requests")
    allowed+=($((theirs + $2)))
    total_theirs=$((total_theirs + theirs)) total_ours=$((total_ours + ours)) total_lock=$((total_lock + lock))
    [ "$ours" -gt $((theirs + lock + $2)) ] || return 0
    differs "we sent $ours requests, $lock of them for the lock, the reference $theirs" \
        <(diff -U 99 --label reference --label mcompose <(request_classes "$W/oracle/$1.requests") \
            <(request_classes "$W/mc/$1.requests"))
}

exit_codes() { # STEP KIND OURS
    local theirs ours
    read -r theirs <"$W/oracle/$1.rc"
    read -r ours <"$W/mc/$1.rc"
    if [ -n "$3" ]; then
        [ "$ours" = "$3" ] || differs "exit code $ours, should be $3" "$W/mc/$1.err"
        [ "$theirs" != "$ours" ] || differs "the reference does the same: no case for @exit"
        return
    fi
    [ "$theirs" = "$ours" ] || differs "exit code $ours, the reference's is $theirs" "$W/mc/$1.err"
    if [ "$2" = fails ]; then
        [ "$ours" != 0 ] || differs "both succeed"
    else
        [ "$ours" = 0 ] || differs "both fail" "$W/mc/$1.err"
    fi
}

# seen_of DIR STEP AFTER-A-KILL: what became of what a killed one left is not the same
seen_of() {
    local look
    look=$(look_of "$1" "$2")
    if [ -n "$3" ]; then look=${look%,\"since\":*}}; fi
    printf '%s\n' "$look"
}

same_state() { # STEP AFTER-A-KILL
    local theirs ours
    theirs=$(seen_of "$W/oracle" "$1" "$2")
    ours=$(seen_of "$W/mc" "$1" "$2")
    [ "$theirs" = "$ours" ] || same_text "what the engine holds" "$(jq . <<<"$theirs")" "$(jq . <<<"$ours")"
}

# better_state STEP JQ: the last state is as the expression says, and the reference's is not
better_state() {
    look_of "$W/mc" "$1" | jq -e "$2" >/dev/null || differs "not so: $2" <(look_of "$W/mc" "$1" | jq .)
    ! look_of "$W/oracle" "$1" | jq -e "$2" >/dev/null 2>&1 || differs "the reference does the same: no case for @better"
}

was_killed() { [ "$1" -gt 0 ] && case ${step_kind[$1 - 1]} in kill | signal) ;; *) false ;; esac }

# compare_step N: with what follows it (@better, @exit, @more) taken into account
compare_step() {
    local i=$1 kind=${step_kind[$1]} next=$(($1 + 1)) better= more=0 ours=
    step_said="$i, @$kind ${step_text[i]}"
    while [ "$next" -lt ${#step_kind[@]} ]; do
        case ${step_kind[next]} in
        better) better=${step_text[next]} ;;
        exit) ours=${step_text[next]} ;;
        more) more=${step_text[next]%% *} ;;
        *) break ;;
        esac
        next=$((next + 1))
    done
    case $kind in
    run | fails | theirs)
        if was_killed "$i"; then
            ! grep -h never "$W/oracle/$i.rc" "$W/mc/$i.rc" >"$W/never" || differs "$(sort -u "$W/never")"
            killed=1
            [ "$kind" = theirs ] || allowed+=(-)
            return
        fi
        exit_codes "$i" "$kind" "$ours"
        [ "$kind" = theirs ] || same_output "$i"
        if [ "$kind" != theirs ]; then
            if [ -n "$killed" ]; then allowed+=(-); else few_requests "$i" "$more"; fi
        fi
        ;;
    hand | until) ;;
    *) return 0 ;;
    esac
    is_looked_at "$i" || return 0
    if [ -n "$better" ]; then better_state "$i" "${better//PROJECT/$P}"; else same_state "$i" "$killed"; fi
    killed=
}

# ours_seen: all that compare_step looks at of ours, but for the number of requests
ours_seen() {
    local i after_kill=
    for ((i = 0; i < ${#step_kind[@]}; i++)); do
        case ${step_kind[i]} in
        run | fails | theirs)
            if was_killed "$i"; then
                after_kill=1
                continue
            fi
            cat "$W/mc/$i.rc"
            [ "${step_kind[i]}" = theirs ] || without_ids "$W/mc/$i.out"
            ;;
        hand | until) ;;
        *) continue ;;
        esac
        is_looked_at "$i" || continue
        seen_of "$W/mc" "$i" "$after_kill"
        after_kill=
    done
}

# few_enough COUNT...: do we ask no more often than the reference did in each of its commands?
few_enough() {
    local i
    for ((i = 0; i < ${#step_kind[@]}; i++)); do
        case ${step_kind[i]} in
        run | fails) ;;
        *) continue ;;
        esac
        [ $# -gt 0 ] || return 1
        [ "$1" = - ] || [ "$(requests_beyond_lock "$W/mc/$i.requests")" -le "$1" ] || return 1
        shift
    done
}

# scenario LINE...
scenario() {
    local i killed='' digest counts=()
    case_bad=
    P=st-$file_name-${case_name//./-}
    read_scenario "$@"
    if [ -n "$step_engine" ] && [ "$step_engine" != "$ENGINE" ]; then
        others=$((others + 1))
        return
    fi
    play_scenario "$MCOMPOSE" "$W/mc"
    compared_digest "$ENGINE" "$@" "$(ours_seen)"
    read -r -a counts <<<"${compared[$digest]:-}"
    if is_compared && few_enough "${counts[@]:3}"; then
        passed=$((passed + 1))
        return
    fi
    if [ -z "$ORACLE" ]; then
        unknown=$((unknown + 1))
        return
    fi
    play_scenario "$ORACLE" "$W/oracle"
    allowed=()
    for ((i = 0; i < ${#step_kind[@]}; i++)); do
        [ -n "$case_bad" ] || compare_step "$i"
    done
    if [ -n "$case_bad" ]; then
        failed=$((failed + 1))
    else
        passed=$((passed + 1))
        compared_add "$file_name.$case_name $ENGINE ${allowed[*]}"
    fi
}

# play_part FILE FIRST LAST
play_part() {
    [ -x "$RECORD" ] || fail "$RECORD is not built: make unit"
    compared_load steps
    : >"$W/requests"
    exec {proxy_orders}> >(exec "$RECORD" "$W/proxy.sock" "$ENGINE_DIR/docker.sock" "$W/requests")
    until_true 10 test -S "$W/proxy.sock" || fail "no proxy"
    file_name=$1 passed=0 failed=0 total_theirs=0 total_ours=0 total_lock=0 others=0 unknown=0
    parse_cases "$STEPS/$1.steps" scenario "$2" "$3"
    compared_done
    [ "$total_theirs" = 0 ] || echo "requests: $total_ours, $total_lock of them for the lock; the reference: $total_theirs"
    [ "$unknown" = 0 ] || echo "scenarios that only the reference can tell: $unknown"
    [ $((passed + failed + others + unknown)) = $(($3 - $2 + 1)) ] || [ -n "${CASE:-}" ] || fail "not all scenarios were played"
    echo "cases: $passed passed, $failed failed"
    [ "$failed" = 0 ]
}

# parts FILE NUMBER: a test for each so many scenarios
parts() {
    local part=1 first=1 last
    for (( ; first <= $2; first = last + 1, part++)); do
        last=$((first + PART - 1))
        [ "$last" -le "$2" ] || last=$2
        eval "test_$1.$part() { play_part $1 $first $last; }"
    done
}

while read -r file number; do
    file=${file##*/}
    parts "${file%.steps}" "$number"
done < <(count_cases "$STEPS"/*.steps)
check_main "$@"
