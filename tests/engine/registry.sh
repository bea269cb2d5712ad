# shellcheck shell=bash
# registry.sh: registries of a private engine (Debian's docker-registry, unpacked): an open one on 127.0.0.1:5000 and
# one on 127.0.0.1:5001 that wants the user "somebody" with the password "secret". They live in the engine's namespaces
# and die with it.

REGISTRY_LOGIN=$(printf 'somebody:secret' | base64)

registry_config() { # DIR PORT
    echo "version: 0.1"
    echo "storage: {filesystem: {rootdirectory: $1/registry-$2}, delete: {enabled: true}}"
    echo "http: {addr: \"127.0.0.1:$2\"}"
    [ "$2" != 5001 ] || echo "auth: {htpasswd: {realm: test, path: $1/registry.users}}"
}

# registry_start ENGINE-DIR [PORT]: print its address; fails where it cannot be had.
registry_start() {
    local dir=$1 port=${2:-5000} root init i
    if [ ! -e "$dir/registry-$port.yml" ]; then
        root=$(unpack_unstable registry docker-registry) || return 1
        # shellcheck disable=SC2016 # the dollars are part of the hash
        echo 'somebody:$2b$05$ZvGrhzNicMP1CNBhk3JYPeNO5RXqBPy5B7OWjJCc1VhVpbd7mABKi' >"$dir/registry.users"
        registry_config "$dir" "$port" >"$dir/registry-$port.yml"
        init=$(pgrep -P "$(cat "$dir/pid")" | head -n 1)
        setsid nsenter -t "$init" --net --pid --mount -- "$root/usr/bin/docker-registry" serve \
            "$dir/registry-$port.yml" >"$dir/registry-$port.log" 2>&1 </dev/null &
        disown
    fi
    for ((i = 0; i < 100; i++)); do
        if engine_netns "$dir" curl -s --max-time 2 -o /dev/null "http://127.0.0.1:$port/v2/" 2>/dev/null; then
            echo "127.0.0.1:$port"
            return 0
        fi
        sleep 0.1
    done
    return 1
}

# registry_push ENGINE-DIR IMAGE REPOSITORY TAG [PORT]: put a local image there as ADDRESS/REPOSITORY:TAG
registry_push() {
    local name=127.0.0.1:${5:-5000}/$3 auth=e30=
    [ "${5:-}" != 5001 ] || auth=$(printf '{"username":"somebody","password":"secret"}' | base64 -w 0)
    engine_api "$1" -X POST "/images/$2/tag?repo=$name&tag=$4" >/dev/null
    engine_api "$1" -X POST -H "X-Registry-Auth: $auth" "/images/$name/push?tag=$4" >"$1/push.log"
    ! grep -q '"error"' "$1/push.log" || return 1
    engine_api "$1" -X DELETE "/images/$name:$4" >/dev/null
}
