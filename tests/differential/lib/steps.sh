# shellcheck shell=bash
# steps.sh: reads and plays a scenario of a .steps file; testdata/differential/steps/README has the format.
#
# read_scenario LINE...      into the arrays step_kind, step_text, step_body
# play_scenario PROGRAM DIR  plays it in a fresh project; what was seen after step N is in DIR/N.*
#
# PROGRAM asks the engine through a proxy that writes the requests down (tests/engine/record.c).

# ---- reading -----------------------------------------------------------------------------------------------

read_scenario() {
    local line open='' n=0
    step_kind=() step_text=() step_body=() step_engine=''
    for line; do
        if [[ $line =~ ^@([a-z-]+)(' '+(.*))?$ ]]; then
            n=${#step_kind[@]}
            open=
            step_kind+=("${BASH_REMATCH[1]}")
            step_text+=("${BASH_REMATCH[3]}")
            step_body+=('')
            case ${BASH_REMATCH[1]} in
            file | append) open=1 ;;
            run | fails | theirs | hand | until | kill | signal | remove | better | exit | more | env) ;;
            engine) step_engine=${step_text[n]} ;;
            *) parse_error "unknown word @${BASH_REMATCH[1]}" ;;
            esac
        elif [ -n "$open" ]; then
            step_body[n]+=$line$'\n'
        elif [ -n "$line" ] && [ "${line#\#}" = "$line" ]; then
            parse_error "text outside of a file: $line"
        fi
    done
}

# ---- what the engine holds ---------------------------------------------------------------------------------

# ask PATH...: answers of the engine, one a line
ask() { curl -sS --max-time 60 -w '\n' --unix-socket "$ENGINE_DIR/docker.sock" "${@/#/http://engine}" | grep .; }

by_name() { printf 'filters=%%7B%%22name%%22%%3A%%5B%%22%s%%22%%5D%%7D' "$P"; }

# paths_of: of everything whose name has the project's in it: the project's own things, and what a scenario made
# beside it
paths_of() {
    ask "/containers/json?all=1&$(by_name)" "/networks?$(by_name)" "/volumes?$(by_name)" |
        sed -nE '
            1 { s/"Id":"([0-9a-f]{64})"/\n\/containers\/\1\/json\n/g; p }
            2 { s/"Id":"([0-9a-z]{25,64})"/\n\/networks\/\1\n/g; p }
            3 { s/"Mountpoint":"[^"]*\/volumes\/([^"\/]*)\/_data"/\n\/volumes\/\1\n/g; p }' |
        grep -E '^/(containers|networks|volumes)/[^"/]+(/json)?$'
}

# volumes_known PATH...: of those with a name, which ones are still what they were after the step before; all are
# now. The sign is a file beside their data, which goes with them.
volumes_known() {
    local path dir known=
    for path; do
        case $path in /volumes/*) ;; *) continue ;; esac
        dir=$ENGINE_DIR/data$path
        if [ -e "$dir/known" ]; then known+="${path#/volumes/} "; else : >"$dir/known"; fi
    done
    echo "$known"
}

# anonymous_left FILE: of those that were ever mounted here, how many are there and mounted no more
anonymous_left() {
    local name left=0
    for name in $(grep -oE '"Name":"[0-9a-f]{64}"' "$1" | cut -d '"' -f 4); do anonymous[$name]=$step_number; done
    for name in "${!anonymous[@]}"; do
        [ "${anonymous[$name]}" = "$step_number" ] || [ ! -d "$ENGINE_DIR/data/volumes/$name" ] || left=$((left + 1))
    done
    anonymous_left=$left
}

# look FILE: appends the engine's state to it, as steps.jq wants it
look() {
    local paths
    readarray -t paths < <(paths_of)
    : >"$W/things"
    [ ${#paths[@]} = 0 ] || ask "${paths[@]}" >"$W/things"
    anonymous_left "$W/things"
    printf '{"step": %s, "known": "%s", "left": %s}\n' "$step_number" "$(volumes_known "${paths[@]}")" "$anonymous_left"
    cat "$W/things"
}

remove_all() {
    local path name
    for path in $(paths_of); do
        path=${path%/json}
        case $path in
        /volumes/*) path+='?force=1' ;;
        /containers/*) path+='?force=1&v=1' ;;
        esac
        api -X DELETE "$path" >/dev/null
    done
    for name in "${!anonymous[@]}"; do api -X DELETE "/volumes/$name?force=1" >/dev/null; done
}

# ---- playing -----------------------------------------------------------------------------------------------

# run_killed PROGRAM: when a request is held up
run_killed() {
    local pid had
    had=$(grep -c '^held' "$W/requests" || true)
    echo "$kill_at" >&"$proxy_orders"
    set -m
    "$@" >"$W/out" 2>"$W/err" </dev/null &
    pid=$!
    set +m
    until_true 20 eval '[ "$(grep -c ^held "$W/requests")" -gt "$had" ] || ! kill -0 "$pid" 2>/dev/null' || true
    kill "-$kill_with" "$pid" 2>/dev/null || true
    until_true 2 eval '! kill -0 "$pid" 2>/dev/null' || true # or waits for the answer
    echo >&"$proxy_orders"
    rc=0
    wait "$pid" 2>/dev/null || rc=$?
    [ "$(grep -c '^held' "$W/requests")" -gt "$had" ] || rc="never asked for $kill_at"
}

# play_program FILE PROGRAM ARGS: one command line
play_program() {
    local words had
    eval "words=($3)" # with quotes, as a shell has them
    had=$(wc -l <"$W/requests")
    if [ -n "$kill_at" ]; then
        DOCKER_HOST=unix://$W/proxy.sock run_killed "$2" "${words[@]}"
        kill_at=
    else
        DOCKER_HOST=unix://$W/proxy.sock run_program "$2" "${words[@]}"
    fi
    echo "$rc" >"$1.rc"
    mv "$W/err" "$1.err"
    mv "$W/out" "$1.out"
    tail -n +"$((had + 1))" "$W/requests" >"$1.requests"
}

# by_hand METHOD PATH [BODY]: P is the project
by_hand() {
    local answer
    answer=$(api -X "$1" ${3:+-H 'Content-Type: application/json' -d "$3"} "$2")
    case $answer in *'"message"'*) fail "by hand: $*: $answer" ;; esac
}

has_status() { [ "$(inspect "$1" .State.Status)" = "$2" ]; }

play_step() { # PROGRAM FILE KIND TEXT BODY
    local text=${4//PROJECT/$P}
    case $3 in
    file | append)
        mkdir -p "$(dirname "$text")"
        [ "$3" = append ] || : >"$text"
        printf %s "${5//PROJECT/$P}" >>"$text"
        ;;
    remove) rm -r "$text" ;;
    env)
        export "${text?}"
        exported+=("${text%%=*}")
        ;;
    hand)
        # shellcheck disable=SC2086 # words
        by_hand ${text%% \{*} "$([ "${text#* \{}" = "$text" ] || echo "{${text#* \{}")"
        ;;
    until)
        # shellcheck disable=SC2086 # words
        until_true 20 has_status $text || fail "never: $text"
        ;;
    kill) kill_at=$text kill_with=KILL ;;
    signal) kill_with=${text%% *} kill_at=${text#* } ;;
    run | fails) play_program "$2" "$1" "$text" ;;
    theirs) play_program "$2" "$ORACLE" "$text" ;;
    esac
}

# is_looked_at STEP: is there a state to compare? Not while something is waited for.
is_looked_at() {
    case ${step_kind[$1]} in
    run | fails | theirs | hand | until) [ "${step_kind[$1 + 1]:-}" != until ] ;;
    *) false ;;
    esac
}

# play_scenario PROGRAM DIR
play_scenario() {
    local step_number kill_at='' kill_with='' exported=()
    declare -A anonymous=() # their names -> the step where they were last seen mounted
    rm -rf "$2" "$W/files"
    mkdir -p "$2" "$W/files/$P" # the same for both: containers say where they come from
    cd "$W/files/$P"
    remove_all # of one that was killed
    for ((step_number = 0; step_number < ${#step_kind[@]}; step_number++)); do
        play_step "$1" "$2/$step_number" "${step_kind[step_number]}" "${step_text[step_number]}" "${step_body[step_number]}"
        ! is_looked_at "$step_number" || look >>"$2/seen"
    done
    [ ${#exported[@]} = 0 ] || unset "${exported[@]}"
    remove_all
    jq -n -S -c -L "$CHECK_LIB" -f "$STEPS_LIB/steps.jq" "$2/seen" | sed "s#$W/files#DIR#g; s#$ENGINE_DIR#ENGINE#g" >"$2/looks"
    rm "$2/seen"
}

# look_of DIR STEP: the line for it
look_of() { grep -F "\"step\":$2}" "$1/looks"; }

# request_classes FILE: how often what was asked, things' names aside
request_classes() {
    sed -E '
        s/^held //; s#/v1\.[0-9]+/#/#; s/[?].*//; t classes
        :classes
        s#^([A-Z]+ /(containers|networks|volumes|exec|images))$#\1#; t
        s#^([A-Z]+ /(containers|networks|volumes|exec|images)/(json|create|prune))$#\1#; t
        s#^([A-Z]+ /images)/.*/([a-z]+)$#\1/*/\2#; t
        s#^([A-Z]+ /(containers|networks|volumes|exec|images))/[^/]+#\1/*#' "$1" | LC_ALL=C sort | uniq -c
}
