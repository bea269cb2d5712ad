#!/usr/bin/env bash
# Scenarios of steps, played with the reference and with us, one after the other: after each step the engine must
# hold the same, the same containers must have been made anew, started, left alone; the exit code and stdout are the
# same, and we ask the engine no more often.
# The scenarios are in testdata/differential/steps/*.steps; the README there describes their format. A few of a file
# are a test here, <file>.1, <file>.2, ... CASE=pattern plays only those whose name fits.
# engines: all
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"
STEPS_LIB=$(cd "$(dirname "$0")/lib" && pwd)
# shellcheck source=tests/differential/lib/parse.sh
. "$STEPS_LIB/parse.sh"
# shellcheck source=tests/differential/lib/steps.sh
. "$STEPS_LIB/steps.sh"

STEPS=$ROOT/testdata/differential/steps
RECORD=${BUILD:-$ROOT/build}/tests/engine/record
PART=5 # scenarios of a test

differs() { # TEXT [FILE]
    printf 'differs: %s, step %s: %s\n' "$case_name" "$step_said" "$1"
    [ -z "${2:-}" ] || sed -n 1,80p "$2"
    case_bad=1
}

# same_text WHAT EXPECTED ACTUAL
same_text() {
    [ "$2" = "$3" ] || differs "$1" <(diff -u --label reference --label mcompose <(printf '%s\n' "$2") <(printf '%s\n' "$3"))
}

same_output() { # STEP
    local tool said=()
    for tool in oracle mc; do
        said+=("$(sed -E 's/[0-9a-f]{64}/ID/g; s/-run-[0-9a-f]{12}/-run-SLUG/g' "$W/$tool/$1.out")")
    done
    same_text stdout "${said[@]}"
}

# few_requests STEP MORE: those for our lock, which the reference has not, do not count
few_requests() {
    local theirs ours lock
    theirs=$(wc -l <"$W/oracle/$1.requests")
    ours=$(wc -l <"$W/mc/$1.requests")
    # taken and let go, or looked for
    lock=$(awk '/^DELETE .*mcompose-lock-/ { n += 2 } /^GET .*mcompose-lock-/ { n++ } END { print n + 0 }' \
        "$W/mc/$1.requests")
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

same_state() { # STEP AFTER-A-KILL
    local theirs ours
    theirs=$(look_of "$W/oracle" "$1")
    ours=$(look_of "$W/mc" "$1")
    if [ -n "$2" ]; then # what became of what a killed one left is not the same
        theirs=${theirs%,\"since\":*} ours=${ours%,\"since\":*}
        theirs+=} ours+=}
    fi
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
            return
        fi
        exit_codes "$i" "$kind" "$ours"
        [ "$kind" = theirs ] || same_output "$i"
        [ "$kind" = theirs ] || [ -n "$killed" ] || few_requests "$i" "$more"
        ;;
    hand | until) ;;
    *) return 0 ;;
    esac
    is_looked_at "$i" || return 0
    if [ -n "$better" ]; then better_state "$i" "${better//PROJECT/$P}"; else same_state "$i" "$killed"; fi
    killed=
}

# play_oracle LINE...: what it once did is not asked for again, as long as it, the engine, the scenario and what plays
# it are the same
play_oracle() {
    local kept=$ROOT/build/reference/steps.$ENGINE.$P question
    question=$P$'\n'$plays$'\n'$(printf '%s\n' "$@")
    if [ -e "$kept/question" ] && [ "$(cat "$kept/question")" = "$question" ]; then
        rm -rf "$W/oracle"
        cp -r "$kept" "$W/oracle"
        return
    fi
    play_scenario "$ORACLE" "$W/oracle"
    rm -rf "$kept"
    cp -r "$W/oracle" "$kept"
    printf '%s' "$question" >"$kept/question"
}

# scenario LINE...
scenario() {
    local i killed=
    case_bad=
    P=st-$file_name-${case_name//./-}
    read_scenario "$@"
    if [ -n "$step_engine" ] && [ "$step_engine" != "$ENGINE" ]; then
        others=$((others + 1))
        return
    fi
    play_oracle "$@"
    play_scenario "$MCOMPOSE" "$W/mc"
    for ((i = 0; i < ${#step_kind[@]}; i++)); do
        [ -n "$case_bad" ] || compare_step "$i"
    done
    if [ -n "$case_bad" ]; then failed=$((failed + 1)); else passed=$((passed + 1)); fi
}

# play_part FILE FIRST LAST
play_part() {
    [ -n "$ORACLE" ] || skip "no reference docker compose"
    [ -x "$RECORD" ] || fail "$RECORD is not built: make unit"
    plays=$(stat -Lc '%n %s %Y' "$ORACLE" && cat "$CHECK_LIB/state.jq" "$STEPS_LIB"/steps.* | sha256sum)
    mkdir -p "$ROOT/build/reference"
    : >"$W/requests"
    exec {proxy_orders}> >(exec "$RECORD" "$W/proxy.sock" "$ENGINE_DIR/docker.sock" "$W/requests")
    until_true 10 test -S "$W/proxy.sock" || fail "no proxy"
    file_name=$1 passed=0 failed=0 total_theirs=0 total_ours=0 total_lock=0 others=0
    parse_cases "$STEPS/$1.steps" scenario "$2" "$3"
    echo "requests: $total_ours, $total_lock of them for the lock; the reference: $total_theirs"
    [ $((passed + failed + others)) = $(($3 - $2 + 1)) ] || [ -n "${CASE:-}" ] || fail "not all scenarios were played"
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
