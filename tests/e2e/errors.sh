#!/usr/bin/env bash
# What can go wrong before and during up: exit code 1, one clear message with its place, nothing half done.
# engines: any
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

# up_fails MESSAGE [PLACE]: `up -d` says MESSAGE once, at PLACE, and makes nothing.
up_fails() {
    mc_fails up -d
    err_has "$1"
    err_once "$1"
    [ -z "${2:-}" ] || at "$2"
    left_nothing
}

test_no_file() {
    up_fails 'no configuration file provided: not found'
}

test_named_file_missing() {
    mc_fails -f nope.yaml up -d
    err_has 'nope\.yaml'
    err_has 'no such file or directory'
}

test_file_is_a_directory() {
    mkdir compose.yaml
    mc_fails -f compose.yaml up -d
    err_has 'is a directory'
}

test_empty_file() {
    : | compose_file
    up_fails 'empty'
}

test_only_a_comment() {
    echo '# nothing here' | compose_file
    up_fails 'empty'
}

test_tab() {
    printf 'services:\n  web:\n\timage: alpine\n' | compose_file
    up_fails 'found character that cannot start any token|tab' 'compose.yaml:3:1'
}

test_unterminated_quote() {
    printf 'services:\n  web:\n    image: "alpine\n' | compose_file
    up_fails 'found unexpected end of stream|unterminated|quote|scalar' 'compose.yaml:[34]:[0-9]+'
}

test_duplicate_key() {
    printf 'services:\n  web:\n    image: alpine\n    image: busybox\n' | compose_file
    up_fails 'already defined' 'compose.yaml:4:5'
}

test_misspelt_key() {
    printf 'services:\n  web:\n    imagee: alpine\n' | compose_file
    up_fails imagee 'compose.yaml:3:5'
    is_oracle || err_has "'image'"
}

test_misspelt_section() {
    printf 'service:\n  web:\n    image: alpine\n' | compose_file
    up_fails "service" 'compose.yaml:1:1'
    is_oracle || err_has "'services'"
}

test_several_mistakes_at_once() {
    printf 'services:\n  web:\n    imagee: alpine\n  db:\n    image: alpine\n    comand: x\n' | compose_file
    mc_fails up -d
    is_oracle && return
    at compose.yaml:3:5
    at compose.yaml:6:5
}

test_string_for_mapping() {
    printf 'services:\n  web: alpine\n' | compose_file
    up_fails 'services\.web.*mapping' 'compose.yaml:2:8'
}

test_list_for_string() {
    printf 'services:\n  web:\n    image: [alpine]\n' | compose_file
    up_fails 'services\.web\.image.*string' 'compose.yaml:3:12'
}

test_invalid_port() {
    printf 'services:\n  web:\n    image: alpine\n    ports:\n      - "80a:80"\n' | compose_file
    up_fails '80a' 'compose.yaml:5:9'
}

test_undefined_network() {
    printf 'services:\n  web:\n    image: alpine\n    networks: [front]\n' | compose_file
    up_fails 'undefined network .?front' 'compose.yaml:4:16'
}

test_undefined_volume() {
    printf 'services:\n  web:\n    image: alpine\n    volumes: ["data:/data"]\n' | compose_file
    up_fails 'undefined volume .?data' 'compose.yaml:4:15'
}

test_undefined_dependency() {
    printf 'services:\n  web:\n    image: alpine\n    depends_on: [db]\n' | compose_file
    up_fails 'depends on undefined service .?db' 'compose.yaml:4:18'
}

test_dependency_cycle() {
    compose_file <<'Y'
services:
  a:
    image: alpine
    depends_on: [b]
  b:
    image: alpine
    depends_on: [c]
  c:
    image: alpine
    depends_on: [a]
Y
    up_fails 'dependency cycle detected: a -> b -> c -> a' 'compose.yaml:[0-9]+:[0-9]+'
}

test_variable_required() {
    printf 'services:\n  web:\n    image: alpine\n    environment:\n      KEY: ${KEY:?tell me the key}\n' | compose_file
    up_fails 'tell me the key' 'compose.yaml:5:12'
    err_has KEY
}

test_bad_interpolation() {
    printf 'services:\n  web:\n    image: ${IMAGE\n' | compose_file
    up_fails 'invalid interpolation format|IMAGE' 'compose.yaml:3:12'
}

test_no_image_no_build() {
    printf 'services:\n  web:\n    command: x\n' | compose_file
    up_fails 'neither an image nor a build context' 'compose.yaml:2:3'
}

test_env_file_missing() {
    printf 'services:\n  web:\n    image: alpine\n    env_file: nope.env\n' | compose_file
    up_fails 'nope\.env' 'compose.yaml:4:15'
    err_has 'not found|no such file'
}

test_root_env_file_missing() {
    printf 'services:\n  web:\n    image: alpine\n' | compose_file
    mc_fails --env-file nope.env up -d
    err_has "couldn't find env file: .*/nope\\.env"
}

test_env_file_broken() {
    printf 'services:\n  web:\n    image: alpine\n    env_file: web.env\n' | compose_file
    printf 'GOOD=1\nBAD KEY=2\n' >web.env
    mc_fails up -d
    err_has 'web\.env'
    at 'web.env:2'
    left_nothing
}

test_build_context_missing() {
    printf 'services:\n  web:\n    build: ./nowhere\n' | compose_file
    mc_fails up -d
    err_has 'nowhere.*not found|nowhere.*no such file'
    at compose.yaml:3:12
    is "$(container_ids)" "" "containers"
}

test_dockerfile_missing() {
    mkdir ctx
    printf 'services:\n  web:\n    build: ./ctx\n' | compose_file
    mc_fails up -d
    err_has 'Dockerfile'
    at compose.yaml:3:12
    is "$(container_ids)" "" "containers"
}

# One that never ends is as good as none; all are told with their places.
test_dockerfile_is_no_file() {
    mkdir dir
    mkfifo fifo
    compose_file <<'Y'
services:
  a: {build: {context: ., dockerfile: dir}}
  b: {build: {context: ., dockerfile: fifo}}
  c: {build: {context: ., dockerfile: /dev/zero}}
Y
    mc_fails build
    at compose.yaml:2:14
    at compose.yaml:3:14
    at compose.yaml:4:14
    err_has 'dir: is a directory'
    err_has 'fifo: is not a regular file'
    err_has '/dev/zero: file too large'
}

test_build_fails() {
    compose_file <<'Y'
services:
  web:
    build:
      context: .
      dockerfile_inline: |
        FROM alpine
        RUN echo "going down" && exit 3
Y
    mc_fails up -d
    cat "$W/out" "$W/err" >"$W/both"
    grep -q 'going down' "$W/both" || fail "the build's output is missing"
    err_has 'failed to solve: .*exit code: 3'
    is "$(container_ids)" "" "containers"
}

test_build_target_missing() {
    compose_file <<'Y'
services:
  web:
    build:
      context: .
      target: nope
      dockerfile_inline: FROM alpine
Y
    mc_fails up -d
    err_has 'nope.*(could not be found|not found)'
    is "$(container_ids)" "" "containers"
}

# Nothing listens on port 1, so this fails at once and without a network.
test_image_missing() {
    printf 'services:\n  web:\n    image: 127.0.0.1:1/nope:1\n  other:\n    image: alpine\n' | compose_file
    mc_fails up -d
    err_has '127\.0\.0\.1:1'
    is "$(container_ids)" "" "containers"
}

test_image_never_pulled() {
    printf 'services:\n  web:\n    image: 127.0.0.1:1/nope:1\n    pull_policy: never\n' | compose_file
    mc_fails up -d
    err_has '[Nn]o such image'
    is "$(container_ids)" "" "containers"
}

test_port_taken() {
    compose_file <<'Y'
services:
  first:
    image: alpine
    command: [sleep, "60"]
    init: true
    ports: ["127.0.0.1:18080:80"]
  second:
    image: alpine
    command: [sleep, "60"]
    init: true
    ports: ["127.0.0.1:18080:80"]
    depends_on: [first]
Y
    mc_fails up -d
    err_has '18080'
    err_has 'port is already allocated|address already in use'
    is "$(running)" "$P-first-1" "running"
    mc_ok down -t 1
    left_nothing
}

test_container_name_taken() {
    PROJECTS=$P-other
    compose_file other.yaml <<Y
services: {a: {image: alpine, container_name: $P-taken}}
Y
    compose_file <<Y
services:
  web:
    image: alpine
    container_name: $P-taken
Y
    mc_ok -p "$P-other" -f other.yaml create
    mc_fails up -d
    err_has "$P-taken"
    err_has 'already in use'
    is "$(container_ids)" "" "containers"
    mc_ok down
    left_nothing
}

test_container_name_twice() {
    compose_file <<Y
services:
  a:
    image: alpine
    container_name: $P-same
  b:
    image: alpine
    container_name: $P-same
Y
    up_fails "$P-same"
}

test_dependency_unhealthy() {
    compose_file <<'Y'
services:
  db:
    image: alpine
    command: [sleep, "60"]
    init: true
    healthcheck: {test: ["CMD", "false"], interval: 200ms, retries: 2}
  web:
    image: alpine
    command: [sleep, "60"]
    depends_on: {db: {condition: service_healthy}}
Y
    mc_fails up -d
    err_has "dependency failed to start: container $P-db-1 is unhealthy"
    is "$(running)" "$P-db-1" "running"
    is "$(inspect "$P-web-1" .State.Status)" created "the dependant"
}

test_dependency_exits() {
    compose_file <<'Y'
services:
  db:
    image: alpine
    command: [sh, -c, "exit 4"]
    healthcheck: {test: ["CMD", "true"], interval: 1s}
  web:
    image: alpine
    command: [sleep, "60"]
    depends_on: {db: {condition: service_healthy}}
Y
    mc_fails up -d
    err_has "dependency failed to start: container $P-db-1 exited \\(4\\)"
    is "$(running)" "" "running"
}

test_dependency_not_completed() {
    compose_file <<'Y'
services:
  once:
    image: alpine
    command: [sh, -c, "exit 5"]
  web:
    image: alpine
    command: [sleep, "60"]
    depends_on: {once: {condition: service_completed_successfully}}
Y
    mc_fails up -d
    err_has "service \"once\" didn't complete successfully: exit 5"
    is "$(running)" "" "running"
}

test_wait_unhealthy() {
    compose_file <<'Y'
services:
  web:
    image: alpine
    command: [sleep, "60"]
    init: true
    healthcheck: {test: ["CMD", "false"], interval: 200ms, retries: 2}
Y
    mc_fails up -d --wait
    err_has "container $P-web-1 is unhealthy"
}

test_wait_timeout() {
    compose_file <<'Y'
services:
  web:
    image: alpine
    command: [sleep, "60"]
    init: true
    healthcheck: {test: ["CMD", "false"], interval: 30s}
Y
    is_oracle && skip "docker compose sees the time limit only between two polls"
    mc_fails up -d --wait --wait-timeout 1
    err_has 'not healthy after 1s'
}

test_command_missing() {
    printf 'services:\n  web:\n    image: alpine\n    command: [no-such-program]\n' | compose_file
    mc_fails up -d
    err_has 'no-such-program'
    mc_ok down
    left_nothing
}

test_no_engine() {
    printf 'services:\n  web:\n    image: alpine\n' | compose_file
    for c in "up -d" ps down logs "pull"; do
        # shellcheck disable=SC2086 # a command with its options
        DOCKER_HOST=unix://$W/nowhere.sock mc_fails $c
        err_has "Cannot connect to the Docker daemon at unix://$W/nowhere.sock. Is the docker daemon running\\?"
    done
}

test_no_engine_tcp() {
    printf 'services:\n  web:\n    image: alpine\n' | compose_file
    DOCKER_HOST=tcp://127.0.0.1:1 mc_fails ps
    err_has 'Cannot connect to the Docker daemon at tcp://127.0.0.1:1'
}

test_unknown_service() {
    printf 'services:\n  web:\n    image: alpine\n' | compose_file
    for c in up create start stop restart kill rm logs ps build pull run down; do
        mc_fails $c nope
        err_has 'no such service: nope'
    done
    mc_fails exec nope true
    err_has 'service "nope" is not running'
    left_nothing
}

test_unknown_option() {
    printf 'services:\n  web:\n    image: alpine\n' | compose_file
    mc_fails up --bogus
    err_has 'unknown flag: --bogus'
    mc_fails up -Z
    err_has "unknown shorthand flag: 'Z' in -Z"
    mc_fails down --rmi
    err_has 'flag needs an argument: --rmi'
    mc_fails frobnicate
    err_has 'unknown.*command.*frobnicate'
}

check_main "$@"
