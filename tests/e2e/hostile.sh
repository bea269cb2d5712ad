#!/usr/bin/env bash
# Files made to hurt: every one ends in one clear error (or is simply read), within 256 MiB and, on an idle machine,
# 2 seconds of CPU; the limit is 4, as it may be busy with other tests.
# engines: none
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

# hostile ARGS...: mcompose within its limits; the one for memory is MIB of addresses, more than what it uses
MIB=256
hostile() {
    local clock=
    [ ! -x /usr/bin/time ] || clock="/usr/bin/time -o $W/used -f %M:%U:%S"
    # shellcheck disable=SC2086 # words
    run_program $clock timeout -k 1 60 bash -c 'ulimit -t 4 -v "$1" && exec "${@:2}"' - $((MIB * 1024)) "$MCOMPOSE" "$@"
    [ -z "$clock" ] || awk -F: 'END { printf "- %.1f MiB, %.2f s of CPU\n", $1 / 1024, $2 + $3 }' "$W/used"
}

# refused PATTERN ARGS...: exit code 1, one error, which says so, and not more than a screen of it
refused() {
    hostile "${@:2}"
    rc_is 1
    err_once "$1"
    [ "$(wc -l <"$W/err")" -le 30 ] || fail "more than a screen"
    [ "$(wc -c <"$W/err")" -le 20000 ] || fail "a message of $(wc -c <"$W/err") bytes"
}

# read_well ARGS...: no error at all
read_well() {
    hostile "${@}" -q
    rc_is 0
    err_empty
}

# times N TEXT: TEXT so often, in one line
times() { awk -v n="$1" -v t="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", t }'; }

# ---- the text ----------------------------------------------------------------------------------------------

test_aliases() {
    {
        echo 'x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]'
        for i in 1 2 3 4 5 6 7 8 9; do
            p=a$((i - 1))
            echo "x-$i: &a$i [*$p, *$p, *$p, *$p, *$p, *$p, *$p, *$p, *$p, *$p]"
        done
        echo 'services: {a: {image: i}}'
    } >compose.yaml
    refused 'makes the project too large' config -q
}

test_merge_keys() {
    {
        echo 'x-0: &a0 {k0: {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8}}'
        for ((i = 1; i < 40; i++)); do
            p=a$((i - 1))
            echo "x-$i: &a$i {<<: *$p, k$i: {<<: *$p, l: {<<: *$p, m: *$p}}}"
        done
        echo 'services: {a: {image: i}}'
    } >compose.yaml
    refused 'makes the project too large' config -q
}

test_directives() {
    { echo '%YAML 1.1'; awk 'BEGIN { for (i = 0; i < 100000; i++) print "%TAG !e" i "! tag:e:" }'
        printf -- '---\nservices: {a: {image: i}}\n'; } >compose.yaml
    refused 'more than 1000 %TAG directives' config -q
}

test_alias_of_itself() {
    printf 'services: &a\n  a: {image: i, labels: {x: *a}}\n' >compose.yaml
    refused "cycle detected" config -q
}

test_deep_flow() {
    { printf 'x-a: '; times 100000 '['; } >compose.yaml
    refused 'nested too deep: more than 200 levels' config -q
    { printf 'x-a: '; times 100000 '{a: '; } >compose.yaml
    refused 'nested too deep: more than 200 levels' config -q
}

test_deep_block() {
    { printf 'x-a:\n  '; times 100000 '- '; echo; } >compose.yaml
    refused 'nested too deep: more than 200 levels' config -q
    # a line for each level: 5,000 are 12 MB
    awk 'BEGIN { for (i = 0; i < 5000; i++) printf "%*sa:\n", i, "" }' >compose.yaml
    refused 'nested too deep: more than 200 levels' config -q
}

test_braces() {
    { printf 'services: {a: {image: "'; times 100000 '${'; printf '"}}\n'; } >compose.yaml
    refused 'invalid' config -q
    { printf 'services: {a: {image: "'; times 100000 '${A:-'; times 100000 '}'; printf '"}}\n'; } >compose.yaml
    refused 'nest' config -q
    printf 'services: {a: {image: i}}\n' >compose.yaml
    { printf 'A='; times 100000 '${A:-'; echo; } >.env
    refused 'invalid' config -q
}

test_huge_scalar() {
    printf 'services: {a: {image: "' >compose.yaml
    truncate -s 1G compose.yaml
    refused 'file too large' config -q
    mkfifo fifo
    { printf 'services: {a: {image: "'; yes 2>/dev/null | head -c 1G || true; } >fifo &
    refused 'file too large' -f fifo config -q
    wait
}

test_long_scalar() {
    { printf 'services: {a: {image: "'; times 1000000 'xxxxxxxx'; printf '"}}\n'; } >compose.yaml
    read_well config
    { printf 'services: {a: {imag: "'; times 1000000 'xxxxxxxx'; printf '"}}\n'; } >compose.yaml
    refused "additional properties 'imag' not allowed" config -q
    { printf 'services: {a: {'; times 1000000 'xxxxxxxx'; printf ': i}}\n'; } >compose.yaml
    refused 'did not find expected' config -q
}

test_huge_numbers() {
    printf 'services: {a: {image: i, cpu_shares: 99999999999999999999999999999999}}\n' >compose.yaml
    refused 'services.a.cpu_shares' config -q
    { printf 'services: {a: {image: i, mem_limit: '; times 100000 9; printf '}}\n'; } >compose.yaml
    refused 'services.a.mem_limit' config -q
    printf 'services: {a: {image: i, ports: ["1-65535:1-65535", "1-99999999999"]}}\n' >compose.yaml
    refused 'services.a.ports' config -q
}

test_many_keys() {
    { printf 'x-a:\n'; awk 'BEGIN { for (i = 0; i < 500000; i++) print "  k" i ":" }'
        printf 'services: {a: {image: i}}\n'; } >compose.yaml
    read_well config
}

# lines N FORMAT: so many lines with a number in each, from 0
lines() { awk -v n="$1" -v f="$2\n" 'BEGIN { for (i = 0; i < n; i++) printf f, i }'; }

test_aliases_of_many_files() {
    { echo 'x-a: &a'; lines 1000 '  - x'; echo 'x-b:'; lines 900 '  - *a'; } >b.yaml
    { echo 'include:'; lines 20 '  - b.yaml'; echo 'services: {a: {image: i}}'; } >compose.yaml
    refused 'makes the project too large' config -q
    { echo 'x-a: &a 1'; echo 'x-b:'; lines 1000001 '  - *a'; echo 'services: {a: {image: i}}'; } >compose.yaml
    refused 'makes the project too large' config -q
}

test_much_of_little() {
    { printf 'A='; times 1000000 x; echo; } >.env
    { printf 'services:\n  a:\n    image: i\n    labels:\n'; lines 10000 '      l%d: $A$A$A$A'; } >compose.yaml
    refused 'makes the project too large' config -q
    { printf 'A0='; times 1000 x; echo
        for i in {1..11}; do echo "A$i=\$A$((i - 1))\$A$((i - 1))"; done; lines 1000 'B%d=$A11'; } >.env
    refused 'makes the project too large' config -q
    : >.env
    { echo 'services:'; lines 100 '  s%d: {image: i, ports: ["1-65535:1-65535"]}'; } >compose.yaml
    refused 'makes the project too large' config -q
    { printf 'services:\n  b:\n    image: i\n    labels:\n'; lines 10000 '      l%d: v'
        lines 1000 '  s%d: {extends: b}'; } >compose.yaml
    refused 'makes the project too large' config -q
    { echo 'x-a:'; lines 50000 '  - x'; } >b.yaml
    { echo 'include:'; lines 1000 '  - b.yaml'; echo 'services: {a: {image: i}}'; } >compose.yaml
    refused 'makes the project too large' config -q
}

test_huge_env_files() {
    lines 10000 'V%d=value' >v.env
    { echo 'services:'; lines 1000 '  s%d: {image: i, env_file: v.env}'; } >compose.yaml
    refused 'makes the project too large' config -q
    { echo 'services:'; lines 1000 '  s%d: {image: i, label_file: v.env}'; } >compose.yaml
    refused 'makes the project too large' config -q
    printf 'services: {a: {image: i, env_file: v.env}}\n' >compose.yaml
    lines 1000000 'V%d=v' >v.env
    refused 'makes the project too large' config -q
    printf 'services: {a: {image: i}}\n' >compose.yaml
    mv v.env .env
    refused 'makes the project too large' config -q
}

# names that are much like others, and many problems in one line
test_many_hints() {
    { printf 'services:\n  a:\n    image: i\n    labels:\n'; awk 'BEGIN { for (i = 0; i < 20000; i++) printf "      l%d: $VAQUE%d\n", i, i }'; } >compose.yaml
    lines 20000 'VALUE%d=v' >.env
    hostile config -q
    rc_is 0
    rm .env
    { echo 'services:'; lines 4000 '  service%d: {image: i, depends_on: [serbice-x]}'; } >compose.yaml
    hostile config -q
    rc_is 1
    { printf 'services: {'; awk 'BEGIN { for (i = 0; i < 50000; i++) printf "s%d: {imgae: i}, ", i }'; echo '}'; } >compose.yaml
    hostile config -q
    rc_is 1
    is "$(grep -c "'imgae' not allowed" "$W/err")" 1000 "errors shown"
    { printf 'services: {a: {image: "'; times 1000000 '${A:-x}'; printf '"}}\n'; } >compose.yaml
    read_well config
}

# ---- what refers to itself, or far -------------------------------------------------------------------------

test_extends_cycle() {
    printf 'services: {a: {extends: {file: b.yaml, service: a}}}\n' >compose.yaml
    printf 'services: {a: {extends: {file: c.yaml, service: a}}}\n' >b.yaml
    printf 'services: {a: {extends: {file: compose.yaml, service: a}}}\n' >c.yaml
    refused 'Circular reference' config -q
}

test_extends_chain() {
    awk 'BEGIN { print "services:"; print "  s0: {image: i}"
        for (i = 1; i < 10000; i++) printf "  s%d: {extends: s%d}\n", i, i - 1 }' >compose.yaml
    hostile config -q
    [ "$rc" = 0 ] || { rc_is 1; err_has 'extends'; }
}

test_include_cycle() {
    printf 'include: [b.yaml]\n' >compose.yaml
    printf 'include: [c.yaml]\n' >b.yaml
    printf 'include: [b.yaml]\nservices: {a: {image: i}}\n' >c.yaml
    refused 'include cycle' config -q
}

test_include_tree() {
    mkdir d
    for ((i = 0; i < 30; i++)); do
        printf 'include: [%d.yaml, %d.yaml]\n' $((i + 1)) $((i + 1)) >"d/$i.yaml"
    done
    printf 'services: {a: {image: i}}\n' >d/30.yaml
    printf 'include: [d/0.yaml]\n' >compose.yaml
    refused 'more than 2000 files are included' config -q
}

test_symlink_loop() {
    ln -s compose.yaml b
    ln -s b compose.yaml
    refused 'too many levels of symbolic links' -f compose.yaml config -q
}

# Not hostile, only large: its model alone is half of that.
test_depends_on_chain() {
    awk 'BEGIN { print "services:"; print "  s0: {image: i}"
        for (i = 1; i < 25000; i++) printf "  s%d: {image: i, depends_on: [s%d]}\n", i, i - 1 }' >compose.yaml
    hostile config -q
    rc_is 0
    printf '  s25000: {image: i, depends_on: [s24999]}\n' >>compose.yaml
    sed -i 's/^  s0: .*/  s0: {image: i, depends_on: [s25000]}/' compose.yaml
    refused 'cycle' config -q
}

test_many_problems() {
    awk 'BEGIN { print "services:"; for (i = 0; i < 100000; i++) printf "  s%d: {imgae: i}\n", i }' >compose.yaml
    hostile config -q
    rc_is 1
    err_once 'too many errors'
    is "$(grep -c "'imgae' not allowed" "$W/err")" 1000 "errors shown"
}

# ---- what is no file ---------------------------------------------------------------------------------------

# as_every_file FILE PATTERN: whatever a project may read
as_every_file() {
    refused "$2" -f "$1" config -q
    refused "$2" --env-file "$1" config -q
    printf 'services: {a: {image: i, env_file: %s}}\n' "$1" >compose.yaml
    refused "$2" config -q
    printf 'services: {a: {image: i, label_file: %s}}\n' "$1" >compose.yaml
    refused "$2" config -q
    printf 'include: [%s]\n' "$1" >compose.yaml
    refused "$2" config -q
    printf 'services: {a: {extends: {file: %s, service: a}}}\n' "$1" >compose.yaml
    refused "$2" config -q
    printf 'services: {a: {image: i}}\n' >compose.yaml
}

test_fifo() {
    printf 'services: {a: {image: i}}\n' >compose.yaml
    mkfifo fifo
    as_every_file fifo 'nobody writes'
    printf 'services: {a: {image: i}}\n' >fifo &
    read_well -f fifo config
    wait
    hostile -f <(sleep 2; printf 'services: {a: {image: i}}\n') config -q
    rc_is 0
    mkfifo .env
    refused 'nobody writes' config -q
}

test_zero() {
    printf 'services: {a: {image: i}}\n' >compose.yaml
    as_every_file /dev/zero 'file too large|control characters|zero|NUL|null|unexpected character|invalid'
}

test_directory() {
    mkdir d
    printf 'services: {a: {image: i}}\n' >compose.yaml
    as_every_file "$PWD/d" 'is a directory'
}

test_no_permission() {
    set --
    [ "$(id -u)" != 0 ] || set -- setpriv --bounding-set=-all --inh-caps=-all
    printf 'services: {a: {image: i, env_file: secret.env}}\n' >compose.yaml
    printf 'A=1\n' >secret.env
    chmod 000 secret.env
    run_program "$@" "$MCOMPOSE" config -q
    rc_is 1
    err_once 'permission denied'
}

check_main "$@"
