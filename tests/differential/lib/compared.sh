# shellcheck shell=bash
# compared.sh: comparisons with the reference that need not be made again.
#
# testdata/differential/compared/NAME has a digest for each comparison that was made: of what was asked, and of what we
# answered. While both are the same to the letter, so is the result, and the reference, which takes longer than all
# the rest, is not started; for one of COMPARE_SHARE it is nevertheless, for others every day. COMPARE_ALL=1: for all.
# Where the reference is another version than the one that was compared with, or none, the digests are all there is.
# `make compared` compares everything and writes the digests.
#
#     compared_load NAME           before the others
#     compared_digest TEXT...      into $digest
#     is_compared                  need $digest not be compared?
#     compared_add WHAT            it was compared, and found right
#     compared_done                writes them, if that is wanted

COMPARED=$ROOT/testdata/differential/compared
COMPARE_SHARE=${COMPARE_SHARE:-16}

compared_load() {
    local line version=''
    declare -gA compared=()
    compared_new=()
    compared_file=$COMPARED/$1
    compared_asks=
    [ ! -f "$COMPARED/version" ] || IFS= read -r version <"$COMPARED/version"
    [ -z "$ORACLE" ] || [ "$version" != "${ORACLE_VERSION:-}" ] || compared_asks=$(($(date +%s) / 86400 % COMPARE_SHARE))
    [ -z "${COMPARE_ALL:-}" ] || return 0
    [ -f "$compared_file" ] || return 0
    while read -r line; do compared[${line%% *}]=$line; done <"$compared_file"
}

compared_digest() {
    local text
    printf -v text '%s\n' "$#" "$@"
    digest=$(exec sha256sum <<<"$text")
    digest=${digest:0:24}
}

is_compared() {
    [ -n "${compared[$digest]:-}" ] || return 1
    [ -z "$compared_asks" ] || [ $((16#${digest:0:6} % COMPARE_SHARE)) != "$compared_asks" ]
}

compared_add() { compared_new+=("$digest $1"); }

compared_done() {
    [ -n "${COMPARED_WRITE:-}" ] && [ ${#compared_new[@]} -gt 0 ] || return 0
    mkdir -p "$COMPARED"
    printf '%s\n' "$ORACLE_VERSION" >"$COMPARED/version"
    printf '%s\n' "${compared_new[@]}" >>"$compared_file"
}
