#!/usr/bin/env bash
# Killed at some moments of an up that makes ten services anew: the next up puts everything right, and what is there
# then is what an undisturbed one makes. The moments are spread over the whole length. MOMENTS=N plays so many (4: each
# takes three ups of ten containers), SEED=N chooses others (it is printed); many want TEST_TIMEOUT, too.
# engines: any
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

ten_services() {
    local i
    {
        echo 'x-all: &all'
        echo '  image: alpine'
        # shellcheck disable=SC2016 # the variable is the file's
        echo '  command: [sh, -c, "echo up >>/data/starts; exec sleep 3600"]'
        # shellcheck disable=SC2016
        echo '  environment: {ROUND: "${ROUND}"}'
        echo '  volumes: [/data]'
        echo '  stop_grace_period: 0s'
        echo 'services:'
        for ((i = 0; i < 10; i++)); do
            case $i in
            0) echo "  s$i: {<<: *all, networks: {back: {aliases: [base]}}}" ;;
            3 | 7) echo "  s$i: {<<: *all, networks: [front, back], depends_on: [s0]}" ;;
            *) echo "  s$i: {<<: *all, network_mode: none}" ;; # to spare the engine
            esac
        done
        echo 'networks: {front: , back: }'
    } | compose_file
}

# anonymous: container and volume at /data, sorted
anonymous() {
    each_of container "/containers/%s/json" "$(container_ids)" |
        jq -r '.container | .Name + " " + (.Mounts[] | select(.Destination == "/data").Name)' | LC_ALL=C sort
}

# lives_now: what changes when a container is made anew or started again, all at once
lives_now() {
    each_of container "/containers/%s/json" "$(container_ids)" |
        jq -r '.container | .Name + " " + .Id[:12] + " " + .State.StartedAt' | LC_ALL=C sort
}

locks() { api /volumes | jq -r '.Volumes // [] | .[].Name | select(startswith("mcompose-lock-'"$P"'"))'; }

microseconds() { echo "${EPOCHREALTIME/[.,]/}"; }

# right ROUND: the state is that of an undisturbed up, but for the number of the round
right() {
    state | sed "s/\"ROUND=$1\"/\"ROUND=N\"/" >"$W/state"
    same_file "round $1, killed after $moment us: what the engine says of the project" "$W/undisturbed" "$W/state"
    is "$(anonymous)" "$volumes" "round $1, killed after $moment us: anonymous volumes"
    is "$(locks)" "" "round $1, killed after $moment us: locks left"
}

# killed_up PART: every second of the moments
killed_up() {
    local n i length killed=0 start before all=${MOMENTS:-4}
    RANDOM=$((${SEED:=4} * 2 + $1))
    ten_services
    ROUND=first mc_ok up -d
    volumes=$(anonymous)
    start=$(microseconds)
    ROUND=0 mc_ok up -d
    length=$(($(microseconds) - start))
    moment=0
    state | sed 's/"ROUND=0"/"ROUND=N"/' >"$W/undisturbed"
    is "$(anonymous)" "$volumes" "anonymous volumes after an undisturbed up"
    step "seed $SEED; an undisturbed up takes $length us"
    for ((n = 1; n <= all / 2; n++)); do
        i=$(((n - 1) * 2 + $1 - 1))
        export ROUND=$n
        moment=$((i * length / all + RANDOM * length / all / 32768))
        mc_bg up -d
        sleep "$(printf '%d.%06d' $((moment / 1000000)) $((moment % 1000000)))"
        kill -KILL "$mc_pid" 2>/dev/null || true
        mc_wait
        [ "$rc" != 137 ] || killed=$((killed + 1))
        mc_ok up -d
        right "$n"
        before=$(lives_now)
        mc_ok up -d
        is "$(lives_now)" "$before" "round $n, killed after $moment us: a further up"
    done
    step "killed in $killed rounds of $((all / 2))"
    [ "$killed" -ge $((all / 4)) ] || fail "only $killed were killed: the others had ended"
}

# A name is taken by a container that the engine is still making for a command that was killed.
test_up_waits_for_what_was_asked_before() {
    local id dead
    echo "services: {a: {image: alpine, command: sleep 3600, stop_grace_period: 0s, labels: {n: \"\$ROUND\"}}}" | compose_file
    ROUND=1 mc_ok up -d
    id=$(inspect "$P-a-1" .Id)
    dead="$(cat /proc/sys/kernel/random/boot_id):$(readlink /proc/self/ns/pid | tr -dc 0-9):4194304:1"
    api -X POST -H 'Content-Type: application/json' -d "{\"Name\": \"mcompose-lock-$P\",
        \"Labels\": {\"dev.mcompose.lock\": \"$dead\"}}" /volumes/create >"$W/made"
    PROJECTS=$P-other
    api -X POST -H 'Content-Type: application/json' -d "{\"Image\": \"alpine\",
        \"Labels\": {\"com.docker.compose.project\": \"$P-other\"}}" \
        "/containers/create?name=${id:0:12}_$P-a-1" >"$W/made"
    export ROUND=2
    mc_bg up -d
    until_true 20 grep -q 'looking again' "$W/err" || fail "it does not look again"
    api -X DELETE "/containers/${id:0:12}_$P-a-1"
    mc_wait
    rc_is 0
    is "$(all_containers)" "$P-a-1" "containers"
    is "$(inspect "$P-a-1" '.State.Status + .Config.Labels.n')" running2 "what runs"
    is "$(locks)" "" "locks left"
}

# The name stays taken, and nobody was killed: said at once.
test_up_says_at_once_that_a_name_is_taken() {
    local id
    echo "services: {a: {image: alpine, command: sleep 3600, stop_grace_period: 0s, labels: {n: \"\$ROUND\"}}}" | compose_file
    ROUND=1 mc_ok up -d
    id=$(inspect "$P-a-1" .Id)
    PROJECTS=$P-other
    api -X POST -H 'Content-Type: application/json' -d "{\"Image\": \"alpine\",
        \"Labels\": {\"com.docker.compose.project\": \"$P-other\"}}" \
        "/containers/create?name=${id:0:12}_$P-a-1" >"$W/made"
    ROUND=2 mc_fails up -d
    err_has 'is already in use'
    err_lacks 'looking again'
}

hooked() {
    compose_file <<'Y'
services:
  old: {image: alpine, command: sleep 3600, stop_grace_period: 0s, post_start: [{command: "true"}]}
  new:
    image: alpine
    command: [sh, -c, "echo start >>/data/log; exec sleep 3600"]
    volumes: [/data]
    stop_grace_period: 0s
    post_start:
      - command: [sh, -c, "echo begun >>/data/log; [ -e /data/quick ] || sleep 60; echo done >>/data/log"]
Y
}

in_new() { "$MCOMPOSE" exec -T new "$@"; }

killed_in_its_hook() { # ARGS of up
    mc_bg up -d "$@"
    until_true 20 in_new grep -q begun /data/log || fail "the hook does not begin"
    kill -KILL "$mc_pid"
    mc_wait
    in_new touch /data/quick
}

# Killed between a start and the end of its hooks: the container runs, and nothing on it says that they did not. What
# was started before stays as it is.
test_up_runs_the_hooks_a_killed_one_did_not() {
    local before
    hooked
    mc_ok up -d old
    before=$(inspect "$P-old-1" .State.StartedAt)
    sleep 1 # the engine knows the second the lock was taken
    killed_in_its_hook
    mc_ok up -d
    err_lacks 'may not have run'
    is "$(in_new cat /data/log | tr '\n' ' ')" "start begun start begun done " "what ran"
    is "$(inspect "$P-old-1" .State.StartedAt)" "$before" "the start of the other one"
    is "$(locks)" "" "locks left"
    before=$(lives_now)
    mc_ok up -d
    is "$(lives_now)" "$before" "a further up"
}

# The up after the killed one is about another service: it says what may be missing, and what to do.
test_up_of_another_tells_of_hooks_that_did_not_run() {
    hooked
    killed_in_its_hook new
    mc_ok up -d old
    err_has "^compose.yaml:9:7: warning: services.new.post_start: .*may not have run in container \"$P-new-1\""
    err_has "'restart new' runs them"
    mc_ok restart new
    is "$(in_new cat /data/log | tr '\n' ' ')" "start begun start begun done " "what ran"
    mc_ok up -d old
    err_lacks 'may not have run'
}

test_up_killed_1() { killed_up 1; }
test_up_killed_2() { killed_up 2; }

check_main "$@"
