#!/usr/bin/env bash
# Commands that only look, beside the reference, on one project: the same stdout, exit code and, where it has a
# fixed form, stderr.
# engines: any
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"
# shellcheck source=tests/differential/lib/compared.sh
. "$(dirname "$0")/lib/compared.sh"
COMPARE_SHARE=4

# A project with everything to see, started by the reference.
start_project() {
    compose_file <<'Y'
services:
  db:
    image: alpine
    command: [sh, -c, "trap 'exit 0' TERM; echo db 1; sleep 0.2; echo db 2 >&2; while :; do sleep 1000 & wait; done"]
    healthcheck: {test: ["CMD", "true"], interval: 1s}
    volumes: [data:/data]
  job:
    image: alpine
    command: [sh, -c, "echo working; printf '\\n'; printf 'no newline'; exit 3"]
  named:
    image: alpine
    container_name: ${COMPOSE_PROJECT_NAME}-own-name
    command: [sh, -c, "trap 'exit 0' TERM; echo named; while :; do sleep 1000 & wait; done"]
  web:
    image: nginx
    ports: ["80", "127.0.0.1::81"]
    scale: 2
    depends_on: {db: {condition: service_healthy}}
volumes: {data: }
Y
    oracle_ok up -d
    until_true 20 eval '[ "$(inspect "$P-job-1" .State.Status)" = exited ]' || fail "job still runs"
}

# times: what moves between two calls
times() { sed -E 's/(About )?(an?|[0-9]+|Less than a) (second|minute)s?/TIME/g; s/ +/ /g'; }

both() {
    oracle "$@"
    want=$rc
    times <"$W/out" >"$W/oracle.out"
    LC_ALL=C sort "$W/err" >"$W/oracle.err"
    mc "$@"
    [ "$rc" = "$want" ] || fail "exit code $rc, the reference's is $want"
    times <"$W/out" >"$W/mc.out"
    LC_ALL=C sort "$W/err" >"$W/mc.err"
}

same() {
    both "$@"
    same_file "stdout of '$ran'" "$W/oracle.out" "$W/mc.out"
}
same_all() {
    same "$@"
    same_file "stderr of '$ran'" "$W/oracle.err" "$W/mc.err"
}
# same_sorted: where the reference prints containers in the order they answer
same_sorted() {
    both "$@"
    LC_ALL=C sort -o "$W/oracle.out" "$W/oracle.out"
    LC_ALL=C sort -o "$W/mc.out" "$W/mc.out"
    same_file "stdout of '$ran'" "$W/oracle.out" "$W/mc.out"
}
same_json() {
    local f
    both "$@"
    for f in oracle mc; do
        jq -S 'def one: (.Labels |= (if . then split(",") | sort else . end)); if type == "array" then map(one) else one end' \
            "$W/$f.out" >"$W/$f.json"
    done
    same_file "JSON of '$ran'" "$W/oracle.json" "$W/mc.json"
}

test_ps() {
    start_project
    same ps
    same ps -a
    same ps web
    same ps -a job
    same ps -q
    same ps -aq
    same ps --services
    same ps -a --services
    same_json ps --format json
    same_json ps -a --format json
    same_all ps nope
}

test_ls() {
    start_project
    both ls
    for f in oracle mc; do grep "^$P " "$W/$f.out" >"$W/$f.line"; done
    same_file "the project's line" "$W/oracle.line" "$W/mc.line"
}

test_logs() {
    start_project
    same logs named
    same logs --no-color named
    same logs --no-log-prefix named
    same logs -t named
    same logs --tail 1 db
    same logs --tail 0
    same_sorted logs --no-log-prefix db named web
    same_all logs nope
}

test_exec() {
    start_project
    same_all exec -T db echo hello
    same_all exec -T db sh -c 'echo out; exit 4'
    same exec -T db no-such-program
    same_all exec -T --index 2 web hostname
    same_all exec -T --index 3 web true
    same_all exec -T job true
    same_all exec -T nope true
    same_all exec
    same_all exec db
    same_all exec -T -u 1000:1000 db id -u
    same_all exec -T -e A=1 -e B -w /tmp db sh -c 'echo "$A$B"; pwd'
}

test_run() {
    start_project
    same run --rm -T db echo hello
    same run --rm -T db sh -c 'exit 4'
    same run --rm -T --no-deps web sh -c 'echo "$0"'
    same_all run --rm -T nope true
    same_all run
}

# What is asked wrongly is answered the same, before an engine is.
test_option_errors() {
    echo 'services: {web: {image: alpine}}' | compose_file
    same_all up --bogus
    same_all up -Z
    same_all up --scale web
    same_all up -t x
    same_all up -t
    same_all up -d --abort-on-container-exit
    same_all up --build --no-build
    same_all up --force-recreate --no-recreate
    same_all up --wait --abort-on-container-exit
    same_all down --rmi
    same_all down --rmi some
    same_all config --format xml
    same_all -f nope.yaml config
    same_all --env-file nope.env config
    same_all --progress fancy up
    same_all run
    same_all exec web
    same_all ls extra
    same_all up nope
    same_all down nope
    same_all stop nope
}

# told_of TOOL COMMANDS...: exit codes, output and progress, as a set
told_of() {
    local tool=$1 c
    shift
    for c; do
        # shellcheck disable=SC2086 # a command with its options
        $tool $c
        echo "== $c: $rc"
        times <"$W/out"
        LC_ALL=C sort -u "$W/err" | sed -E 's/^time="[^"]*" //; s/^ +[0-9]* \|.*//; s/^[^ ]*: error: //' | grep -v '^$' || true
    done
}

# each_progress COMMANDS...: every tool runs them on a project of its own making, and tells the same. What was
# compared before need not be again: lib/compared.sh.
each_progress() {
    local digest
    told_of mc "$@" >"$W/mc.progress"
    compared_load commands
    compared_digest "$ENGINE" "$@" "$(cat ./*.yaml)" "$(cat "$W/mc.progress")"
    ! is_compared || return 0
    told_of oracle "$@" >"$W/oracle.progress"
    same_file "progress" "$W/oracle.progress" "$W/mc.progress"
    compared_add "$P $ENGINE"
    compared_done
}

# Commands that change the project: the same progress, as a set.
test_progress() {
    compose_file <<'Y'
services:
  db: {image: alpine, command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done"], volumes: ["data:/data"]}
  web: {image: alpine, command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done"], depends_on: [db], environment: {A: "${A:-1}"}}
volumes: {data: }
Y
    each_progress "create" "start" "up -d" "stop" "start" "restart" "kill" "rm -f" "up -d --scale web=2" "up -d" \
        "stop web" "up -d --force-recreate" "down -v"
}

profile_file() {
    compose_file <<'Y'
x-s: &s {image: alpine, init: true, command: [sleep, "1000"]}
services:
  a: {<<: *s, depends_on: [b]}
  b: *s
  c: *s
  p: {<<: *s, profiles: [x]}
  q: {<<: *s, profiles: [x], depends_on: [c]}
Y
}

# What is named on the command line, with a profile or not, and what depends on it.
test_named_services() {
    profile_file
    each_progress "create a" "start a" "start" "stop -t 0" "start" "--profile x create" "start p" "start q" \
        "stop -t 0 p" "restart -t 0 p" "kill p" "rm -f p" "up -d p" "stop -t 0 b" "restart -t 0 b" "down -t 0 b" \
        "down -t 0 p q c" "up -d" "--profile x up -d" "kill" "up -d" "--profile x down -t 0"
}

# Containers of services whose profile is not active are neither the project's to remove nor orphans.
test_down_keeps_other_profiles() {
    profile_file
    each_progress "--profile x up -d q" "up -d --remove-orphans a" "down -t 0 --remove-orphans" "ps -a --services" \
        "--profile x down -t 0"
    is "$(all_containers)" "" "containers"
}

test_by_name_alone() {
    profile_file
    each_progress "-p $P down" "up -d" "-p $P start zz" "-p $P restart zz" "-p $P stop -t 0 b zz" "-p $P start a" \
        "-p $P down zz" "-p $P down -t 0 b" "-p $P down -t 0" "-p $P down" "-p $P-nothing restart" "down"
}

test_exited_orphans() {
    profile_file
    sed '/^  a:/d' compose.yaml >less.yaml
    each_progress "up -d a" "stop -t 0 a" "-f less.yaml up -d --remove-orphans b" "down -t 0"
}

test_network_made_anew() {
    local tool
    for tool in oracle mc; do
        echo 'services: {web: {image: alpine, init: true, command: [sleep, "1000"]}}' | compose_file
        "${tool}_ok" up -d
        echo 'networks: {default: {labels: {a: b}}}' >>compose.yaml
        "${tool}_ok" up -d
        progress "$W/err" >"$W/$tool.progress"
        "${tool}_ok" down -t 0
    done
    same_file "progress" "$W/oracle.progress" "$W/mc.progress"
}

# A volume made from another definition: the question, and what follows each answer.
changed_volumes() {
    local yaml
    yaml='services:
  db: {image: alpine, init: true, command: [sleep, "1000"], volumes: ["data:/data", "more:/more"]}
  mid: {image: alpine, init: true, command: [sleep, "1000"], depends_on: [db]}
  web: {image: alpine, init: true, command: [sleep, "1000"], depends_on: [mid], volumes: ["data:/data"]}'
    compose_file 1.yaml <<<"$yaml"$'\nvolumes: {data: , more: }'
    compose_file 2.yaml <<<"$yaml"$'\nvolumes: {data: {labels: {a: b}}, more: }'
    compose_file 3.yaml <<<"$yaml"$'\nvolumes: {data: {labels: {a: b}}, more: {driver_opts: {type: tmpfs, device: tmpfs}}}'
}
test_volume_made_anew() {
    changed_volumes
    each_progress "-f 1.yaml up -d" "-f 2.yaml up -d" "-f 2.yaml up -d -y" "-f 2.yaml up -d" "-f 3.yaml create" \
        "-f 1.yaml create -y" "-f 1.yaml start" "-f 2.yaml run --rm -T web true" "-f 2.yaml up -d --no-recreate -y" \
        "-f 1.yaml down -t 0 -v"
}
test_volume_answers() {
    changed_volumes
    for INPUT in yes no y; do
        echo $INPUT >"$W/answer"
        INPUT=$W/answer
        each_progress "-f 1.yaml up -d" "-f 2.yaml up -d" "-f 1.yaml down -t 0 -v"
    done
    unset INPUT
}

# Two questions, an answer for each.
test_two_volumes_made_anew() {
    local tool before
    echo 'services: {web: {image: alpine, init: true, command: [sleep, "1000"], volumes: ["one:/a", "two:/b"]}}' >1.yaml
    cp 1.yaml 2.yaml
    echo 'volumes: {one: , two: }' >>1.yaml
    echo 'volumes: {one: {labels: {x: y}}, two: {labels: {x: y}}}' >>2.yaml
    printf 'y\ny\n' >"$W/answers"
    for tool in oracle mc; do
        "${tool}_ok" -f 1.yaml up -d
        before=$(lives)
        INPUT=$W/answers "${tool}_ok" -f 2.yaml up -d
        is "$(changed_between "$before" "$(lives)")" "$P-web-1" "containers made anew"
        is "$(grep -o 'Recreate (data will be lost)?' "$W/out" | wc -l)" 2 "questions"
        INPUT='' "${tool}_ok" -f 2.yaml up -d
        out_is ""
        "${tool}_ok" -f 2.yaml down -t 0 -v
    done
}

# Networks and volumes of the services that are left out are made all the same.
test_no_deps_keeps_resources() {
    compose_file <<'Y'
services:
  db: {image: alpine, volumes: ["data:/data"], networks: [back], init: true, command: [sleep, "1000"]}
  web: {image: alpine, depends_on: [db], networks: [front], init: true, command: [sleep, "1000"]}
  other: {image: alpine, volumes: ["unused:/u"]}
networks: {front: , back: }
volumes: {data: , unused: }
Y
    each_progress "up -d --no-deps web" "down -t 0 -v" "run --rm -T --no-deps web true" "down -t 0 -v"
}

# Not a word of the two tools about containers and errors may differ.
words_of() { grep -E '^ (a|b|Container [^ ]*)  ?[A-Z]|^(Error|WARNING|    docker)|^\{' "$1" | LC_ALL=C sort -u; }
same_words() {
    both "$@"
    same_file "words of '$ran'" <(words_of "$W/oracle.err") <(words_of "$W/mc.err")
}

test_pull_of_what_can_be_built() {
    compose_file <<Y
services:
  a: {image: "localhost:1/$P", build: .}
  b: {image: "localhost:1/$P-b"}
Y
    same_words pull --ignore-pull-failures
    same_words --progress json pull --ignore-pull-failures
    same_words --progress quiet pull --ignore-pull-failures
    same_words pull a
    same_words --progress json pull a
    same_words pull -q a
    same_words up -d --no-build a
    same_words up -d --no-build b
    same_words create --no-build a
}

test_paused() {
    local tool c
    compose_file <<'Y'
services:
  a: {image: alpine, init: true, command: [sleep, "1000"]}
  b: {image: alpine, init: true, command: [sleep, "1000"], depends_on: [a]}
Y
    mc_ok up -d
    api -X POST "/containers/$P-a-1/pause"
    for c in "up -d" "up -d --no-recreate" "create" "up --no-start" "start a" "run --rm -T b true" "--progress json up -d"; do
        # shellcheck disable=SC2086 # a command with its options
        both $c
        is "$rc" 1 "exit code of '$c'"
        for tool in oracle mc; do
            grep -E 'a-1|annot start' "$W/$tool.err" | LC_ALL=C sort -u | grep -vE '^(not )?done: |Error("}|)$' >"$W/$tool.words"
        done
        same_file "words of '$c'" "$W/oracle.words" "$W/mc.words"
    done
    same_words up -d --force-recreate a
}

# Proxies of the client's config.json reach containers, which may set their own.
test_client_proxies() {
    compose_file <<'Y'
services: {a: {image: alpine, environment: {HTTP_PROXY: mine, ZED: z}}}
Y
    cat >"$DOCKER_CONFIG/config.json" <<'J'
{"proxies": {"default": {"httpProxy": "http://p:1", "noProxy": "x,y"}}, "HttpHeaders": {"X-Mine": "1"}}
J
    both run --rm -T a env
    grep -v HOSTNAME "$W/oracle.out" | LC_ALL=C sort >"$W/oracle.env"
    grep -v HOSTNAME "$W/mc.out" | LC_ALL=C sort >"$W/mc.env"
    same_file "the environment" "$W/oracle.env" "$W/mc.env"
    grep -q '^no_proxy=x,y$' "$W/mc.env" || fail "no proxies"
}

# A credential helper that fails is the reason that is told.
test_credential_helper() {
    echo "services: {a: {image: 'localhost:1/$P'}}" | compose_file
    printf '#!/bin/sh\necho "$1 $(cat)" >>"%s"\necho locked\nexit 3\n' "$W/asked" >docker-credential-test
    chmod +x docker-credential-test
    PATH=$PWD:$PATH
    echo '{"credHelpers": {"localhost:1": "test"}}' >"$DOCKER_CONFIG/config.json"
    both pull
    is "$(cat "$W/asked")" $'get localhost:1\nget localhost:1' "what the helper was asked"
    same_file "the error" <(tail -n 1 "$W/oracle.err") <(tail -n 1 "$W/mc.err")
    echo '{"credsStore": "gone"}' >"$DOCKER_CONFIG/config.json"
    both pull
    same_file "the error" <(tail -n 1 "$W/oracle.err") <(tail -n 1 "$W/mc.err")
}

test_run_waits_in_silence() {
    compose_file <<'Y'
services:
  db: {image: alpine, init: true, command: [sleep, "1000"], healthcheck: {test: ["CMD", "true"], interval: 1s}}
  web: {image: alpine, command: [echo, hello], depends_on: {db: {condition: service_healthy}}}
Y
    each_progress "run --rm -T web" "run --rm -T web" "down -t 0"
}

test_wrong_names_and_numbers() {
    start_project
    same_all logs --index 2 db
    same_all up --exit-code-from web db
    same config --hash '*' db
}

test_pull_that_needs_no_registry() {
    compose_file <<'Y'
services:
  built: {build: .}
  kept: {image: alpine, pull_policy: never}
  made: {image: alpine, build: ., pull_policy: build}
Y
    same_all pull
    same_all pull --ignore-buildable
    same_all --progress json pull
}

# The platform is part of the hash of what is built, and asked for when a container is created.
test_default_platform() {
    local hash platform
    compose_file <<'Y'
services:
  built: {build: {context: ., dockerfile_inline: "FROM alpine"}, init: true, command: [sleep, "1000"]}
  image: {image: alpine}
Y
    platform=linux/$(api /version | jq -r .Arch)
    export DOCKER_DEFAULT_PLATFORM=$platform
    same config --hash '*'
    hash=$(sed -n 's/^built //p' "$W/out")
    mc_ok up -d built
    is "$(inspect "$P-built-1" '.Config.Labels["com.docker.compose.config-hash"]')" "$hash" "the hash"
    export DOCKER_DEFAULT_PLATFORM=linux/no-such-one
    oracle create image
    platform=$(cat "$W/err")
    mc create image
    rc_is 1
    same_file "what create says" <(tail -n 1 <<<"$platform") <(grep ^Error "$W/err")
    compose_file <<'Y'
services: {built: {build: {context: ., platforms: [linux/riscv64]}}}
Y
    each_progress "up -d"
    unset DOCKER_DEFAULT_PLATFORM
}

test_pause_and_unpause() {
    profile_file
    each_progress "pause" "up -d a" "pause" "unpause b" "pause b" "unpause" "unpause nope" "pause p" \
        "stop -t 0 b" "pause" "pause b" "unpause b" "-p $P unpause" "pause --nope" "down -t 0"
}

# What is paused or not already is the engine's error.
test_paused_already() {
    local tool
    profile_file
    for tool in oracle mc; do
        "${tool}_ok" up -d b
        $tool unpause
        {
            echo "$rc"
            sed -E 's/[0-9a-f]{64}/ID/' "$W/err"
        } >"$W/$tool.told"
        "${tool}_ok" pause
        $tool pause b
        {
            echo "$rc"
            sed -E 's/[0-9a-f]{64}/ID/' "$W/err"
        } >>"$W/$tool.told"
        "${tool}_ok" unpause
        "${tool}_ok" down -t 0
    done
    same_file "what is told" "$W/oracle.told" "$W/mc.told"
}

test_scale() {
    profile_file
    each_progress "scale" "scale b" "scale b=x" "scale =3" "scale nope=2" "scale a=2" "scale a=1 b=2 a=3" \
        "ps -q --status paused" "scale b=0" "scale --no-deps a=1" "scale p=1" "--dry-run scale a=3" "scale a=0 b=0 p=0" \
        "--profile x down -t 0"
}

check_main "$@"
