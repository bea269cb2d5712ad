#!/usr/bin/env bash
# bench.sh: time and memory of mcompose beside the reference, measured in the same run on the same private engine.
#
# Every line is the median of RUNS runs (SLOW_RUNS where 40 containers are made; default 7 and 5), after one of each to warm up: wall time, peak memory, and how
# many times less than the reference that is. The two take turns, so that what else the machine does hits both; still,
# times of a busy machine are no measure. Where less than ten times is gained the line below says why.
#
# The floor of up and down is what the engine takes for the same calls when a script sends them, each kind at once,
# with bodies read back from what docker compose has made; it takes its turn as well.
set -eu
tests=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/engine/engine.sh
. "$tests/engine/engine.sh"
mcompose=${MCOMPOSE:-$tests/../build/mcompose}
mcompose=$(readlink -f "$mcompose")
runs=${RUNS:-7}
slow_runs=${SLOW_RUNS:-5}

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

# as a generator of such files writes them: anchors, variables, ports, volumes, dependencies
many_services() { # COUNT DIRECTORY
    local i dir=$work/$2
    mkdir "$dir"
    cat >"$dir/compose.yaml" <<'Y'
x-logging: &logging {driver: json-file, options: {max-size: 10m, max-file: "3"}}
x-environment: &environment {LEVEL: "${LEVEL:-info}", REGION: "${REGION:-eu}", TOKEN: "${TOKEN:-none}"}
services:
Y
    for ((i = 0; i < $1; i++)); do
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
    done >>"$dir/compose.yaml"
    {
        echo 'networks:'
        for ((i = 0; i < 10; i++)); do echo "  net$i: {}"; done
        echo 'volumes:'
        for ((i = 0; i < 50; i++)); do echo "  data$i: {}"; done
    } >>"$dir/compose.yaml"
}

# a base and what each of the others changes and adds
many_files() { # COUNT DIRECTORY
    local i dir=$work/$2
    mkdir "$dir"
    for ((i = 0; i < $1; i++)); do
        cat >"$dir/$i.yaml" <<Y
services:
  shared: {image: "team/shared:$i", environment: {V$i: "$i"}, ports: ["$((20000 + i)):80"], labels: {l$i: a}}
  service$i: {image: "team/service:$i", depends_on: [shared], volumes: ["data:/data"], networks: [net]}
volumes: {data: }
networks: {net: {labels: {l$i: a}}}
Y
    done
}

many_variables() { # COUNT DIRECTORY
    local i dir=$work/$2
    mkdir "$dir"
    for ((i = 0; i < $1; i++)); do echo "VARIABLE_$i=value $i"; done >"$dir/.env"
    {
        printf 'services:\n  web:\n    image: alpine\n    environment:\n'
        for ((i = 0; i < $1; i++)); do printf '      V%s: "${VARIABLE_%s:-none} and ${OTHER_%s:-none}"\n' $i $i $i; done
    } >"$dir/compose.yaml"
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

# run_once NAME PROGRAM ARGS...: microseconds and kilobytes are added to what NAME took so far
run_once() {
    local name=$1 start
    shift
    start=${EPOCHREALTIME/[.,]/}
    "$@" >/dev/null 2>&1
    echo $((${EPOCHREALTIME/[.,]/} - start)) >>"$work/$name.times"
    /usr/bin/time -f %M -o "$work/size" "$@" >/dev/null 2>&1
    cat "$work/size" >>"$work/$name.sizes"
}

warm_up() {
    "$@" >/dev/null 2>"$work/err" && return
    cat "$work/err" >&2
    return 1
}

# compare WHY TITLE DIRECTORY ARGS...: both programs, in turns. WHY is printed where less than ten times is gained.
compare() {
    local why=$1 title=$2 project=$work/$3 i theirs="0 0"
    shift 3
    rm -f "$work"/*.times "$work"/*.sizes
    cd "$project"
    warm_up "$mcompose" "$@"
    [ -z "$oracle" ] || warm_up "$oracle" "$@"
    for ((i = 0; i < runs; i++)); do
        run_once ours "$mcompose" "$@"
        [ -z "$oracle" ] || run_once theirs "$oracle" "$@"
    done
    [ -z "$oracle" ] || theirs="$(median <"$work/theirs.times") $(median <"$work/theirs.sizes")"
    line "$title" "$(median <"$work/ours.times") $(median <"$work/ours.sizes")" "$theirs" "$why"
}

# alone TITLE DIRECTORY ARGS...: what would take the reference too long
alone() {
    oracle='' runs=3 compare '' "$@"
}

# line TITLE "TIME SIZE" "TIME SIZE" WHY
line() {
    echo "$2 $3" | awk -v title="$1" -v why="$4" '{
        printf "%-36s %9.1f ms %7.1f MB", title, $1 / 1000, $2 / 1024
        if ($3 > 0) printf " %11.1f ms %7.1f MB %7.1fx %7.1fx", $3 / 1000, $4 / 1024, $3 / $1, $4 / $2
        printf "\n"
        if ($3 > 0 && ($3 < 10 * $1 || $4 < 10 * $2)) printf "    %s\n", why
    }'
}

# ---- the floor ---------------------------------------------------------------------------------------------

# calls FILE METHOD PATH [BODY]: one more for curl
calls() {
    {
        [ ! -s "$1" ] || echo next
        printf '%s\n' "url = \"http://engine/v1.41$3\"" "unix-socket = \"$engine/docker.sock\"" \
            "request = \"$2\"" 'output = "/dev/null"' fail no-progress-meter
        [ -z "${4:-}" ] || printf '%s\n' 'header = "Content-Type: application/json"' "data = \"@$4\""
    } >>"$1"
}

# Of the project that runs: what makes it, what takes it away
floor_calls() {
    local filter id name network=forty_default dir=$work/floor
    mkdir "$dir"
    filter='filters=%7B%22label%22%3A%5B%22com.docker.compose.project%3Dforty%22%5D%7D'
    engine_api "$engine" "/networks/$network" | jq '{Name, Labels}' >"$dir/network"
    calls "$dir/network-make" POST /networks/create "$dir/network"
    calls "$dir/network-end" DELETE "/networks/$network"
    for id in $(engine_api "$engine" "/containers/json?$filter" | jq -r '.[].Id'); do
        engine_api "$engine" "/containers/$id/json" >"$dir/inspection"
        name=$(jq -r '.Name[1:]' "$dir/inspection")
        jq '.Config + {HostConfig, NetworkingConfig: {EndpointsConfig:
            (.NetworkSettings.Networks | map_values({Aliases}))}} | del(.Hostname)' "$dir/inspection" >"$dir/$name"
        calls "$dir/create" POST "/containers/create?name=$name" "$dir/$name"
        calls "$dir/start" POST "/containers/$name/start"
        calls "$dir/stop" POST "/containers/$name/stop"
        calls "$dir/remove" DELETE "/containers/$name?force=1"
    done
}

send() { curl --no-progress-meter --parallel --parallel-immediate --parallel-max 100 -K "$work/floor/$1"; }
floor_up() { send network-make && send create && send start; }
floor_down() { send stop && send remove && send network-end; }

# timed NAME COMMAND...: microseconds are added to NAME's
timed() {
    local name=$1 start
    shift
    start=${EPOCHREALTIME/[.,]/}
    "$@" >"$work/out" 2>&1 || {
        cat "$work/out" >&2
        return 1
    }
    echo $((${EPOCHREALTIME/[.,]/} - start)) >>"$work/$name.times"
}

# over_floor TITLE WHAT GOAL
over_floor() {
    local ours floor theirs=0
    ours=$(median <"$work/ours-$2.times")
    floor=$(median <"$work/floor-$2.times")
    [ -z "$oracle" ] || theirs=$(median <"$work/theirs-$2.times")
    echo "$ours $floor $theirs" | awk -v title="$1" -v goal="$3" '{
        printf "%-36s %9.1f ms, the floor %.1f ms: %+.1f %% (goal: %s %%)", title, $1 / 1000, $2 / 1000, \
            ($1 / $2 - 1) * 100, goal
        if ($3 > 0) printf "; docker compose %.1f ms: %+.1f %%", $3 / 1000, ($3 / $2 - 1) * 100
        printf "\n"
    }'
}

cold_and_down() {
    local i
    cd "$work/forty"
    floor_calls
    "${oracle:-$mcompose}" down >/dev/null 2>&1
    rm -f "$work"/*.times
    for ((i = 0; i < slow_runs; i++)); do
        timed floor-up floor_up
        timed floor-down floor_down
        timed ours-up "$mcompose" up -d
        timed ours-down "$mcompose" down
        [ -z "$oracle" ] || timed theirs-up "$oracle" up -d
        [ -z "$oracle" ] || timed theirs-down "$oracle" down
    done
    over_floor "up -d, 40 services, none there" up 2
    over_floor "down, 40 services" down 10
}

libc='starting any program: the C library and the loader are most of 1 ms and of 4 MB'
model='memory holds every value with its place in the files, for messages; reading YAML is a third of the time'
libcurl='loading libcurl and the forty libraries it brings takes 5 ms and 8 MB'
waiting='the engine, and '$libcurl

two_services
many_services 1000 thousand
many_services 10000 tenthousand
many_variables 10000 variables
many_files 200 files
forty_services
healthy_dependency

printf '%-36s %12s %10s %14s %10s %8s %8s\n' "median of $runs" mcompose memory "docker compose" memory time memory
compare "$libc" "version" two version
compare "$libc" "config, 2 services" two config
compare "$model" "config, 1000 services" thousand config
compare "$model" "config -q, 1000 services" thousand config -q
alone "config, 10000 services" tenthousand config
runs=3 compare "$model" "config, 10000 variables" variables config
# shellcheck disable=SC2046 # words
runs=1 compare "$model" "config, 200 files" files $(printf ' -f %s.yaml' $(seq 0 199)) config

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
compare "$waiting" "up -d, nothing to do, 40 services" forty up -d
# what of that is the engine's: the one answer that takes long, to a program that is running already
list='/containers/json?all=1&filters=%7B%22label%22%3A%5B%22com.docker.compose.project%3Dforty%22%5D%7D'
for ((i = 0; i < runs; i++)); do
    engine_api "$engine" -o /dev/null -w '%{time_total}\n' "$list"
done | median | awk '{ printf "    of that the engine'"'"'s list of containers: %.1f ms\n", $1 * 1000 }'
compare "$waiting" "up -d, healthy dependency" healthy up -d
compare "$waiting" "ps, 40 services" forty ps
compare "$waiting" "ps -q, 2 services" healthy ps -q
compare "$waiting" "logs --tail 1, 40 services" forty logs --tail 1
cold_and_down
