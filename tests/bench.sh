#!/usr/bin/env bash
# bench.sh: time and memory of mcompose beside the reference, measured in the same run on the same private engine.
#
# Every line is the median of RUNS runs (default 7) after one to warm up: wall time, peak memory, and how many
# times less than the reference each is.
set -eu
tests=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/engine/engine.sh
. "$tests/engine/engine.sh"
mcompose=${MCOMPOSE:-$tests/../build/mcompose}
mcompose=$(readlink -f "$mcompose")
runs=${RUNS:-7}

oracle=$(oracle_path) || oracle=
[ -n "$oracle" ] || echo "bench: no reference docker compose here; mcompose alone" >&2
[ -x /usr/bin/time ] || {
    echo "bench: /usr/bin/time is missing (package time)" >&2
    exit 1
}
work=$(mktemp -d "${TMPDIR:-/tmp}/mcompose-bench.XXXXXX")
engine=
end() {
    local status=$?
    set +e
    [ -z "$engine" ] || engine_stop "$engine"
    rm -rf "$work"
    exit "$status"
}
trap end EXIT
trap 'exit 130' INT TERM HUP
export DOCKER_CONFIG=$work/docker
mkdir "$DOCKER_CONFIG"

# ---- projects ----------------------------------------------------------------------------------------------

two_services() {
    mkdir "$work/two"
    cat >"$work/two/compose.yaml" <<'Y'
services:
  web:
    image: alpine
    ports: ["127.0.0.1:8080:80"]
    environment: {LEVEL: "${LEVEL:-info}"}
    depends_on: [db]
  db:
    image: alpine
    volumes: ["data:/data"]
volumes: {data: }
Y
}

# 1000 services as a generator of such files writes them
thousand_services() {
    local i
    mkdir "$work/thousand"
    cat >"$work/thousand/compose.yaml" <<'Y'
x-logging: &logging {driver: json-file, options: {max-size: 10m, max-file: "3"}}
x-environment: &environment {LEVEL: "${LEVEL:-info}", REGION: "${REGION:-eu}", TOKEN: "${TOKEN:-none}"}
services:
Y
    for ((i = 0; i < 1000; i++)); do
        cat <<Y
  service$i:
    image: registry.example.com/team/service$i:\${TAG:-1.$i}
    command: ["run", "--id=$i", "--level", "\${LEVEL:-info}"]
    environment:
      <<: *environment
      ID: "$i"
    ports: ["127.0.0.1:$((20000 + i)):80", "$((30000 + i)):81/udp"]
    volumes: ["data$((i % 50)):/data", "./conf/$i:/etc/service:ro"]
    networks: [net$((i % 10))]
    logging: *logging
    labels: {team: "t$((i % 7))", "service.id": "$i"}
    healthcheck: {test: ["CMD", "check"], interval: 5s, timeout: 1s}
    deploy: {resources: {limits: {cpus: "0.5", memory: 64M}}}
Y
        [ "$i" = 0 ] || printf '    depends_on: {service%s: {condition: service_started}}\n' $(((i - 1) / 2))
    done >>"$work/thousand/compose.yaml"
    {
        echo 'networks:'
        for ((i = 0; i < 10; i++)); do echo "  net$i: {}"; done
        echo 'volumes:'
        for ((i = 0; i < 50; i++)); do echo "  data$i: {}"; done
    } >>"$work/thousand/compose.yaml"
}

forty_services() {
    local i
    mkdir "$work/forty"
    {
        echo 'services:'
        for ((i = 0; i < 40; i++)); do
            printf '  s%s: {image: alpine, command: [sleep, "3600"], init: true, environment: {N: "%s"}}\n' "$i" "$i"
        done
    } >"$work/forty/compose.yaml"
}

healthy_dependency() {
    mkdir "$work/healthy"
    cat >"$work/healthy/compose.yaml" <<'Y'
services:
  db: {image: alpine, command: [sleep, "3600"], init: true, healthcheck: {test: ["CMD", "true"], interval: 1s}}
  web: {image: alpine, command: [sleep, "3600"], init: true, depends_on: {db: {condition: service_healthy}}}
Y
}

# ---- measuring ---------------------------------------------------------------------------------------------

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# measure PROGRAM ARGS...: "<milliseconds> <kilobytes>", medians
measure() {
    local i start stop
    : >"$work/times"
    : >"$work/sizes"
    "$@" >/dev/null 2>"$work/err" || {
        cat "$work/err" >&2
        return 1
    }
    for ((i = 0; i < runs; i++)); do
        start=$(date +%s%N)
        "$@" >/dev/null 2>&1
        stop=$(date +%s%N)
        echo $(((stop - start) / 10000)) >>"$work/times"
        /usr/bin/time -f %M -o "$work/size" "$@" >/dev/null 2>&1
        cat "$work/size" >>"$work/sizes"
    done
    echo "$(median <"$work/times") $(median <"$work/sizes")"
}

# row TITLE PROJECT ARGS...
row() {
    local title=$1 project=$work/$2 ours theirs=
    shift 2
    ours=$(cd "$project" && measure "$mcompose" "$@")
    [ -z "$oracle" ] || theirs=$(cd "$project" && measure "$oracle" "$@")
    echo "$ours ${theirs:-0 0}" | awk -v title="$title" '{
        printf "%-36s %9.1f ms %7.1f MB", title, $1 / 100, $2 / 1024
        if ($3 > 0) printf " %11.1f ms %7.1f MB %7.1fx %7.1fx", $3 / 100, $4 / 1024, $3 / $1, $4 / $2
        printf "\n"
    }'
}

two_services
thousand_services
forty_services
healthy_dependency

printf '%-36s %12s %10s %14s %10s %8s %8s\n' "median of $runs" mcompose memory "docker compose" memory time memory
row "config, 2 services" two config
row "config, 1000 services" thousand config
row "config -q, 1000 services" thousand config -q

engine=$(engine_dir)
kind=
for kind in ${ENGINES:-unstable system}; do
    engine_start "$engine" "$kind" && break
    engine_stop "$engine"
    mkdir -m 700 "$engine"
    kind=
done
[ -n "$kind" ] || {
    echo "bench: no engine here; the rest needs one" >&2
    exit 0
}
"$tests/engine/base-image.sh" "$engine/docker.sock"
DOCKER_HOST=$(engine_host "$engine")
export DOCKER_HOST
echo "engine $(engine_version "$engine")"

# The same containers for both: started once, then left alone.
starter=${oracle:-$mcompose}
(cd "$work/forty" && "$starter" up -d >/dev/null 2>&1)
(cd "$work/healthy" && "$starter" up -d --wait >/dev/null 2>&1)
row "up -d, nothing to do, 40 services" forty up -d
row "up -d, healthy dependency" healthy up -d
row "ps, 40 services" forty ps
row "ps -q, 2 services" healthy ps -q
row "logs --tail 1, 40 services" forty logs --tail 1
