# shellcheck shell=bash
# engine.sh: private Docker engines for tests.
#
# An engine is one directory: its socket, data, log and the process id of its namespaces. It shares no network,
# process table, mount or containerd with the machine or with another engine, so several run side by side and a
# published port of one is no port of the other. engine_stop leaves nothing behind, however the engine ended.
#
#     dir=$(engine_dir)                 a fresh directory
#     engine_start "$dir" system        or: unstable
#     DOCKER_HOST=$(engine_host "$dir") ...
#     engine_netns "$dir" curl http://127.0.0.1:8080/     reach a published port
#     engine_stop "$dir"

ENGINE_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/engine/packages.sh
. "$ENGINE_LIB/packages.sh"

engine_dir() {
    mktemp -d "${TMPDIR:-/tmp}/mcompose-engine.XXXXXX"
}

engine_host() {
    printf 'unix://%s/docker.sock\n' "$1"
}

# engine_api DIR CURL-ARGS... PATH: one request to the engine.
engine_api() {
    local dir=$1
    shift
    curl -sS --max-time 60 --unix-socket "$dir/docker.sock" "${@:1:$#-1}" "http://engine${*: -1}"
}

engine_answers() {
    [ -S "$1/docker.sock" ] && curl -sf --max-time 3 --unix-socket "$1/docker.sock" http://engine/_ping >/dev/null 2>&1
}

# Version of the engine, major and minor: 20.10
engine_version() {
    engine_api "$1" /version | jq -r .Version | cut -d. -f1,2
}

# engine_bin KIND: the directory to put before PATH ("" is the system's own); fails where there is none.
engine_bin() {
    case $1 in
    system) (PATH=$PATH:/usr/sbin:/sbin; has dockerd) && echo ;;
    unstable) unstable_engine_path ;;
    *) return 1 ;;
    esac
}

# engine_start DIR KIND: start and wait until it answers. A word on stderr says why not.
engine_start() {
    local dir=$1 bin unshare_pid
    if [ "$(id -u)" != 0 ]; then
        echo "engines need root" >&2
        return 1
    fi
    bin=$(engine_bin "$2") || {
        echo "no '$2' engine to be had here" >&2
        return 1
    }
    printf 'mcompose-test-%s\n' "${dir##*.}" >"$dir/cgroup"
    cgroup_nest
    (
        PATH=${bin:+$bin:}$PATH:/usr/sbin:/sbin
        export PATH
        unset DOCKER_HOST
        # not `ip netns exec`: that remounts /sys and hides the cgroups
        exec setsid unshare --mount --net --pid --fork --kill-child --mount-proc \
            bash "$ENGINE_LIB/init.sh" "$dir" </dev/null >"$dir/init.log" 2>&1 9>&-
    ) &
    unshare_pid=$!
    echo "$unshare_pid" >"$dir/pid"
    disown "$unshare_pid" 2>/dev/null || true
    engine_wait "$dir" && return 0
    echo "the '$2' engine did not start:" >&2
    tail -n 3 "$dir/init.log" "$dir/log" >&2 2>/dev/null || true
    return 1
}

engine_wait() {
    local i
    for ((i = 0; i < 300; i++)); do
        engine_answers "$1" && return 0
        [ -d "/proc/$(cat "$1/pid")" ] || return 1
        sleep 0.1
    done
    return 1
}

# engine_netns DIR COMMAND...: run where the engine's published ports are.
engine_netns() {
    local dir=$1
    shift
    nsenter -t "$(cat "$dir/pid")" --net -- "$@"
}

# engine_kill DIR: as if the machine's power went: nothing is told, nothing is stopped. The directory stays.
engine_kill() {
    local pid
    pid=$(cat "$1/pid" 2>/dev/null) || return 0
    kill -KILL "$pid" 2>/dev/null || return 0 # --kill-child takes process 1 of the namespace along
    while [ -d "/proc/$pid" ] && ! grep -q '^State:	Z' "/proc/$pid/status" 2>/dev/null; do sleep 0.02; done
}

# engine_stop DIR: end it and leave nothing: no process, mount, namespace, cgroup, file.
engine_stop() {
    local i
    engine_kill "$1"
    cgroup_remove "$(cat "$1/cgroup" 2>/dev/null || echo -)"
    for ((i = 0; i < 50; i++)); do # the dying processes may hold a mount for some more milliseconds
        rm -rf "$1" 2>/dev/null && return 0 # a bare return means something else inside a trap
        sleep 0.1
    done
    rm -rf "$1"
}

cgroup_remove() {
    local i left
    for ((i = 0; i < 50; i++)); do
        left=$(find /sys/fs/cgroup -depth -type d -path "*/$1*" 2>/dev/null || true)
        [ -n "$left" ] || return 0
        # shellcheck disable=SC2086 # a list of paths without blanks
        rmdir $left 2>/dev/null || true
        sleep 0.05
    done
}

# In a container with a cgroup v2 namespace of its own the processes must leave the root before controllers can
# be handed down to the engine's containers.
cgroup_nest() {
    local c=/sys/fs/cgroup p
    [ -e $c/cgroup.type ] && [ -w $c/cgroup.subtree_control ] || return 0
    mkdir -p $c/init
    while read -r p; do
        echo "$p" >$c/init/cgroup.procs 2>/dev/null || true
    done <$c/cgroup.procs
    for p in $(cat $c/cgroup.controllers); do
        echo "+$p" >$c/cgroup.subtree_control 2>/dev/null || true
    done
}
