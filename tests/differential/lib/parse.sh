# shellcheck shell=bash
# shellcheck disable=SC2034 # what it sets is for the player
# parse.sh: reads a .cases or .steps file; testdata/differential/README has the format.
#
# parse_cases FILE READ FIRST LAST takes the tables apart and calls READ LINE... for each of these cases, with
# case_name and case_number set. case_lines LINE... makes the files of a case and sets
#     case_dir (its files are below case_dir/case) case_cwd
#     case_class (ok fails refused ours) case_reason case_exit case_stderr case_sorted
#     case_args case_runs case_env
#     case_text (all of the above, as it was read)

parse_error() {
    echo "$parse_file:$parse_line: $1" >&2
    exit 1
}

# ---- one case ----------------------------------------------------------------------------------------------

# body_done: what stood below @file, @bytes, @stdout or @stdin is whole
body_done() {
    local text
    [ -n "$body_file" ] || return 0
    while [[ $body == *$'\n\n' ]]; do body=${body%$'\n'}; done
    [ -d "${body_file%/*}" ] || mkdir -p "${body_file%/*}"
    if [ -n "$body_escaped" ]; then
        text=${body%$'\n'}
        printf %b "${text//$'\n'/}" >"$body_file"
    else
        printf %s "$body" >"$body_file"
    fi
    body_file=
}

# body_starts FILE [escaped]
body_starts() {
    body_file=$1
    body_escaped=${2:-}
    body=
}

directive() { # WORD REST
    case $1 in
    file) body_starts "$case_dir/case/$2" ;;
    bytes) body_starts "$case_dir/case/$2" escaped ;;
    home) body_starts "$case_dir/home/$2" ;;
    stdin) body_starts "$case_dir/stdin" ;;
    stdout) body_starts "$case_dir/stdout" ;;
    dir) mkdir -p "$case_dir/case/$2" ;;
    link) ln -s "${2#* }" "$case_dir/case/${2%% *}" ;;
    cwd) case_cwd=$2 ;;
    env) case_env+=("$2") ;;
    args) case_args=$2 ;;
    run) case_runs+=("$2") ;;
    ok | refused) case_class=$1 ;;
    fails)
        case_class=$1
        [ -z "$2" ] || case_stderr+=("$2")
        ;;
    ours)
        [ -n "$2" ] || parse_error "@ours without a reason"
        case_class=$1 case_reason=$2
        ;;
    exit) case_exit=$2 ;;
    stderr) case_stderr+=("$2") ;;
    sorted) case_sorted=1 ;;
    *) parse_error "unknown word @$1" ;;
    esac
}

# next_case NAME: is it to be played?
next_case() {
    case_name=$1
    case_number=$((case_number + 1))
    [ "$case_number" -ge "$parse_first" ] && [ "$case_number" -le "$parse_last" ] || return 1
    # shellcheck disable=SC2254 # a pattern
    case $case_name in ${CASE:-*}) ;; *) return 1 ;; esac
}

# parse_make_dirs: those of all cases at once
parse_make_dirs() {
    local i dirs=()
    for ((i = case_number; i <= parse_last; i++)); do dirs+=("$W/cases/$i/case" "$W/cases/$i/home"); done
    mkdir -p "${dirs[@]}"
}

case_lines() {
    local line body='' body_file='' body_escaped=''
    case_text=("$@")
    case_dir=$W/cases/$case_number
    case_class=ok case_reason='' case_exit=0 case_sorted='' case_cwd='' case_args=''
    case_stderr=() case_runs=() case_env=()
    [ -d "$case_dir" ] || parse_make_dirs
    for line; do
        if [[ $line =~ ^@([a-z]+)(' '+(.*))?$ ]]; then
            body_done
            directive "${BASH_REMATCH[1]}" "${BASH_REMATCH[3]}"
        elif [ -n "$body_file" ]; then
            body+=$line$'\n'
        elif [ -n "$line" ] && [ "${line#\#}" = "$line" ]; then
            parse_error "text outside of a file: $line"
        fi
    done
    body_done
    if [ ${#case_runs[@]} = 0 ]; then
        case_runs=(config)
        # a table of small differences need not be seen twice
        [ "$case_class" != ok ] || [ "$block_kind" = each ] || case_runs+=("config --format json")
    fi
}

# ---- tables ------------------------------------------------------------------------------------------------

# cells ROW: split at ||; blanks around a cell do not count
cells() {
    local rest="$1||" cell
    row=()
    while [ -n "$rest" ]; do
        cell=${rest%%||*}
        rest=${rest#*||}
        cell=${cell#"${cell%%[! ]*}"}
        row+=("${cell%"${cell##*[! ]}"}")
    done
}

# fill LINE NUMBER: @1, @2, ... are the row's cells, @n its number
fill() {
    local i
    filled=${1//@n/$2}
    for ((i = 0; i < ${#row[@]}; i++)); do filled=${filled//"@$((i + 1))"/"${row[i]}"}; done
}

# each_row NAME: a case for every row
each_row() {
    local number=0 text line lines row
    for text in "${block_rows[@]}"; do
        number=$((number + 1))
        next_case "$1.$number" || continue
        cells "$text"
        lines=()
        for line in "${block[@]}"; do
            fill "$line" "$number"
            lines+=("$filled")
        done
        $parse_read "${lines[@]}"
        [ -z "$case_bad" ] || echo "in the row: $text"
    done
}

# all_rows NAME: one case; the lines that name a cell once for every row
all_rows() {
    local number line lines=() text row
    next_case "$1" || return 0
    for line in "${block[@]}"; do
        if [[ $line != *@[1-9n]* ]]; then
            lines+=("$line")
            continue
        fi
        number=0
        for text in "${block_rows[@]}"; do
            number=$((number + 1))
            cells "$text"
            fill "$line" "$number"
            lines+=("$filled")
        done
    done
    $parse_read "${lines[@]}"
}

block_done() {
    case $block_kind in
    '') ;;
    case) ! next_case "$block_name" || $parse_read "${block[@]}" ;;
    each) each_row "$block_name" ;;
    list) all_rows "$block_name" ;;
    esac
    block=() block_rows=() block_in_rows='' block_kind=''
}

parse_cases() {
    local line block=() block_rows=() block_in_rows='' block_kind='' block_name='' names=' '
    parse_file=$1 parse_read=$2 parse_first=$3 parse_last=$4 parse_line=0 case_number=0
    while IFS= read -r line || [ -n "$line" ]; do
        parse_line=$((parse_line + 1))
        case $line in
        '@case '* | '@each '* | '@list '*)
            block_done
            block_kind=${line:1:4} block_name=${line:6}
            [[ $names != *" $block_name "* ]] || parse_error "a second case '$block_name'"
            names+="$block_name "
            ;;
        @rows) block_in_rows=1 ;;
        *)
            if [ -n "$block_in_rows" ]; then
                [ -z "$line" ] || [ "${line#\# }" != "$line" ] || block_rows+=("$line")
            elif [ -n "$block_kind" ]; then
                block+=("$line")
            elif [ -n "$line" ] && [ "${line#\#}" = "$line" ]; then
                parse_error "text outside of a case: $line"
            fi
            ;;
        esac
    done <"$parse_file"
    block_done
}

# count_cases FILE...: a line "FILE NUMBER" for each
count_cases() {
    awk '
        FNR == 1 { rows = 0 }
        /^@(case|list|each) / { n[FILENAME] += $1 != "@each"; each = $1 == "@each"; rows = 0; next }
        /^@rows$/ { rows = 1; next }
        each && rows && !/^$/ && !/^# / { n[FILENAME]++ }
        END { for (file in n) print file, n[file] }' "$@"
}
