# shellcheck shell=bash
# registry.sh: a registry on 127.0.0.1:5000 of a private engine (Debian's docker-registry, unpacked). It lives in the
# engine's namespaces and dies with it.

# registry_start ENGINE-DIR: print its address; fails where it cannot be had.
registry_start() {
    local dir=$1 root init i
    if [ ! -e "$dir/registry.yml" ]; then
        root=$(unpack_unstable registry docker-registry) || return 1
        cat >"$dir/registry.yml" <<Y
version: 0.1
storage: {filesystem: {rootdirectory: $dir/registry}, delete: {enabled: true}}
http: {addr: "127.0.0.1:5000"}
Y
        init=$(pgrep -P "$(cat "$dir/pid")" | head -n 1)
        setsid nsenter -t "$init" --net --pid --mount -- "$root/usr/bin/docker-registry" serve "$dir/registry.yml" \
            >"$dir/registry.log" 2>&1 </dev/null &
        disown
    fi
    for ((i = 0; i < 100; i++)); do
        if engine_netns "$dir" curl -sf --max-time 2 http://127.0.0.1:5000/v2/ >/dev/null 2>&1; then
            echo 127.0.0.1:5000
            return 0
        fi
        sleep 0.1
    done
    return 1
}

# registry_push ENGINE-DIR IMAGE REPOSITORY TAG: put a local image there as ADDRESS/REPOSITORY:TAG
registry_push() {
    local name=127.0.0.1:5000/$3
    engine_api "$1" -X POST "/images/$2/tag?repo=$name&tag=$4" >/dev/null
    engine_api "$1" -X POST -H 'X-Registry-Auth: e30=' "/images/$name/push?tag=$4" >"$1/push.log"
    ! grep -q '"error"' "$1/push.log" || return 1
    engine_api "$1" -X DELETE "/images/$name:$4" >/dev/null
}
