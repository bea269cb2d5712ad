#!/usr/bin/env bash
# Every command on small projects: what it does to the engine, what it prints, how it ends.
# engines: any
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

# A service that ends at once on SIGTERM; more of them on request.
sleepers() {
    local s
    echo 'services:'
    for s; do
        echo "  $s:"
        echo '    image: alpine'
        echo "    command: [sh, -c, \"trap 'exit 0' TERM; echo $s ready; while :; do sleep 1000 & wait; done\"]"
    done
}

# ---- up ----------------------------------------------------------------------------------------------------

test_no_recreate() {
    local before
    sleepers web | compose_file
    mc_ok up -d
    before=$(lives)
    printf '    environment: {A: "1"}\n' >>compose.yaml
    mc_ok up -d --no-recreate
    is "$(lives)" "$before" "containers"
    mc_ok up -d
    is "$(changed_between "$before" "$(lives)")" "$P-web-1" "recreated"
}

test_force_recreate() {
    local before
    sleepers db web | compose_file
    printf '    depends_on: [db]\n' >>compose.yaml
    mc_ok up -d
    before=$(lives)
    mc_ok up -d --force-recreate web
    is "$(changed_between "$before" "$(lives)")" "$P-web-1" "recreated"
    before=$(lives)
    mc_ok up -d --force-recreate
    is "$(changed_between "$before" "$(lives)")" "$P-db-1 $P-web-1" "recreated"
    mc_fails up -d --force-recreate --no-recreate
    err_has -- '--force-recreate and --no-recreate are incompatible'
}

test_recreate_keeps_anonymous_volume() {
    compose_file <<'Y'
services:
  web:
    image: alpine
    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done"]
    volumes: [/data]
    environment: {A: "${A:-1}"}
Y
    mc_ok up -d
    mc_ok exec -T web sh -c 'echo kept >/data/file'
    A=2 mc_ok up -d
    mc_ok exec -T web cat /data/file
    out_is kept
    mc_ok down -v
    is "$(api /volumes | jq -r '[.Volumes // [] | .[] | select(.Labels["com.docker.compose.project"] == "'"$P"'")] | length')" 0 "volumes"
}

test_no_deps() {
    sleepers db web | compose_file
    printf '    depends_on: [db]\n' >>compose.yaml
    mc_ok up -d --no-deps web
    is "$(running)" "$P-web-1" "running"
}

test_only_named_services_and_their_dependencies() {
    sleepers db other web | compose_file
    printf '    depends_on: [db]\n' >>compose.yaml
    mc_ok up -d web
    is "$(running)" "$P-db-1 $P-web-1" "running"
}

test_no_start_create_start() {
    sleepers web | compose_file
    mc_ok up --no-start
    is "$(running)" "" "running"
    is "$(all_containers)" "$P-web-1" "created"
    mc_ok down
    mc_ok create
    is "$(running)" "" "running"
    mc_ok start
    is "$(running)" "$P-web-1" "running"
}

test_scale() {
    sleepers web | compose_file
    mc_ok up -d --scale web=3
    is "$(running)" "$P-web-1 $P-web-2 $P-web-3" "running"
    mc_ok up -d --scale web=1
    is "$(running)" "$P-web-1" "running"
    printf '    scale: 2\n' >>compose.yaml
    mc_ok up -d
    is "$(running)" "$P-web-1 $P-web-2" "running"
    mc_fails up -d --scale nope=2
    err_has 'no such service: nope'
}

test_scale_with_container_name() {
    sleepers web | compose_file
    printf '    container_name: %s-x\n' "$P" >>compose.yaml
    mc_fails up -d --scale web=2
    err_has 'must (have|be) .*unique|requires each container to have a unique name'
    is "$(running)" "" "running"
}

# Nothing is stopped for a volume that the engine would not give back.
test_changed_volume_in_use() {
    local before
    printf 'services:\n  a: {image: alpine, init: true, command: [sleep, "1000"], volumes: ["data:/d"]}\n' >1.yaml
    printf '  b: {image: alpine, init: true, command: [sleep, "1000"], volumes: ["data:/d"]}\n' >>1.yaml
    cp 1.yaml 2.yaml
    printf 'volumes: {data: }\n' >>1.yaml
    printf 'volumes:\n  data: {labels: {x: y}}\n' >>2.yaml
    mc_ok -f 1.yaml up -d
    before=$(lives)
    mc_fails -f 2.yaml up -d -y a
    at 2.yaml:5:9
    err_once "cannot be recreated: it is in use by $P-b-1"
    is "$(lives)" "$before" "containers"
    mc_ok -f 2.yaml up -d -y
    is "$(running)" "$P-a-1 $P-b-1" "running"
    is "$(api "/volumes/${P}_data" | jq -r .Labels.x)" y "the volume's label"
}

test_orphans() {
    sleepers old web | compose_file
    mc_ok up -d
    sleepers web | compose_file
    mc_ok up -d
    err_has "Found orphan containers \\(\\[$P-old-1\\]\\) for this project"
    is "$(running)" "$P-old-1 $P-web-1" "running"
    COMPOSE_IGNORE_ORPHANS=1 mc_ok up -d
    err_lacks 'Found orphan'
    mc_ok up -d --remove-orphans
    is "$(running)" "$P-web-1" "running"
}

test_profiles() {
    sleepers web tools | compose_file
    printf '    profiles: [dev]\n' >>compose.yaml
    mc_ok up -d
    is "$(running)" "$P-web-1" "running"
    mc_ok --profile dev up -d
    is "$(running)" "$P-tools-1 $P-web-1" "running"
    mc_ok --profile dev down
    left_nothing
    COMPOSE_PROFILES=dev mc_ok up -d
    is "$(running)" "$P-tools-1 $P-web-1" "running"
    mc_ok --profile '*' down
    left_nothing
}

test_network_changed() {
    compose_file <<'Y'
services:
  web:
    image: alpine
    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done"]
    networks: {net: {aliases: [www], ipv4_address: 10.203.77.10}}
networks:
  net: {ipam: {config: [{subnet: 10.203.77.0/24}]}, labels: {n: "${N:-1}"}}
Y
    mc_ok up -d
    is "$(inspect "$P-web-1" ".NetworkSettings.Networks[\"${P}_net\"].IPAddress")" 10.203.77.10 "address"
    mc_ok exec -T web nslookup www
    N=2 mc_ok up -d
    is "$(running)" "$P-web-1" "running"
    is "$(api "/networks/${P}_net" | jq -r .Labels.n)" 2 "the network's label"
    # docker compose forgets it
    is_oracle || is "$(inspect "$P-web-1" ".NetworkSettings.Networks[\"${P}_net\"].IPAddress")" 10.203.77.10 "address"
}

test_build_options() {
    mkdir web
    printf 'FROM alpine AS one\nARG A=unset\nRUN echo "one $A" >/stage\nFROM one AS two\nRUN echo "two $A" >/stage\n' >web/Dockerfile
    compose_file <<'Y'
services:
  web:
    build: {context: web, target: one, args: {A: "${A:-1}"}, labels: {made.by: test}, tags: ["mcompose-test-tag:x"]}
    command: [cat, /stage]
Y
    mc_ok build
    mc_ok run --rm -T web
    out_is 'one 1'
    is "$(api "/images/$P-web/json" | jq -r '.Config.Labels["made.by"]')" test "label"
    is "$(api "/images/mcompose-test-tag:x/json" | jq -r .Id)" "$(api "/images/$P-web/json" | jq -r .Id)" "tag"
    A=2 mc_ok up -d --build
    mc_ok logs --no-log-prefix web
    out_has '^one 2$'
    mc_ok build --no-cache web
    mc_ok build --quiet web
    out_is ''
    err_empty
    mc_ok build --progress plain web
    err_has '^--progress is a global'
    out_has '^#[0-9]+ '
    out_lacks '^Successfully tagged'
    mc_fails build --progress nice web
    err_has 'unsupported --progress value "nice"'
    mc_ok build --build-arg A=3 web
    mc_ok run --rm -T web
    out_is 'one 3'
    mc_ok build --build-arg A web # not set here: what the Dockerfile says
    mc_ok run --rm -T web
    out_is 'one unset'
    A=4 mc_ok build --build-arg A web
    mc_ok run --rm -T web
    out_is 'one 4'
    mc_ok down --rmi local
    err_has 'Image mcompose-test-tag:x +Removed'
    for ref in "$P-web" mcompose-test-tag:x; do
        is "$(api "/images/$ref/json" | jq -r '.message // "there"' | cut -c2-13)" 'o such image' "$ref"
    done
}

# --build of create is about the services named; that of up about what they depend on as well.
test_create_builds_what_is_named() {
    local before
    echo one >f
    compose_file <<'Y'
services:
  base: {build: {context: ., dockerfile_inline: "FROM alpine\nCOPY f /f"}, command: sleep 3600, stop_grace_period: 0s}
  top: {build: {context: ., dockerfile_inline: "FROM alpine\nCOPY f /g"}, command: sleep 3600, stop_grace_period: 0s, depends_on: [base]}
Y
    mc_ok up -d
    before=$(inspect "$P-base-1" .Id)
    echo two >f
    mc_ok --dry-run up -d --build # what is built is another image
    err_has "Container $P-base-1 +Recreate"
    err_has "Container $P-top-1 +Recreate"
    mc_ok create --build top
    err_has "Container $P-top-1 +Recreated"
    is "$(inspect "$P-base-1" '.Id + .State.Status')" "${before}running" base
    mc_ok up -d --build top
    err_has "Container $P-base-1 +Recreated"
}

# A network goes with all that is on it; what stays keeps it.
test_dry_run_tells_which_network_stays() {
    compose_file <<'Y'
services:
  a: {image: alpine, command: sleep 3600, stop_grace_period: 0s}
  b: {image: alpine, command: sleep 3600, stop_grace_period: 0s}
networks: {default: {labels: {a: "${A:-1}"}}}
Y
    mc_ok up -d
    mc_ok --dry-run down
    err_has "Network ${P}_default +Removed"
    mc_ok --dry-run down a
    err_has "Network ${P}_default +Resource is still in use"
    A=2 mc_ok --dry-run up -d
    err_has "Network ${P}_default +Removed"
    is "$(running)" "$P-a-1 $P-b-1" "what runs"
}

test_dockerignore() {
    mkdir ctx
    printf 'FROM alpine\nCOPY . /ctx\nCMD ["find", "/ctx", "-type", "f"]\n' >ctx/Dockerfile
    printf '# secrets stay here\n*.key\n!public.key\nnode_modules\n**/tmp\n' >ctx/.dockerignore
    mkdir -p ctx/node_modules ctx/a/tmp
    touch ctx/private.key ctx/public.key ctx/node_modules/x ctx/a/tmp/y ctx/a/keep
    printf 'services: {web: {build: ctx}}\n' | compose_file
    mc_ok run --build --rm -T web
    err_lacks ' Built$'
    sort "$W/out" | grep '^/ctx' | tr '\n' ' ' >"$W/found"
    is "$(sed 's, /ctx/\.dockerignore,,; s,/ctx/\.dockerignore ,,; s,/ctx/Dockerfile ,,' "$W/found")" \
        "/ctx/a/keep /ctx/public.key " "files"
}

test_cache_mount() {
    printf 'FROM alpine\nARG N\nRUN --mount=type=cache,id=%s,target=/cache echo "$N" >>/cache/log && cp /cache/log /log\nCMD ["cat", "/log"]\n' "$P" >Dockerfile
    printf 'services: {web: {build: {context: ., args: {N: "${N}"}}}}\n' | compose_file
    N=1 mc_ok build
    N=2 mc_ok build
    N=2 mc_ok run --rm -T web
    out_is $'1\n2'
}

# ---- down, stop, kill, rm ----------------------------------------------------------------------------------

test_stop_order_and_down() {
    sleepers db web | compose_file
    printf '    depends_on: [db]\n    volumes: ["data:/data"]\nvolumes: {data: {}}\n' >>compose.yaml
    mc_ok up -d
    mc_ok stop
    is "$(running)" "" "running"
    [[ "$(inspect "$P-web-1" .State.FinishedAt)" < "$(inspect "$P-db-1" .State.FinishedAt)" ]] || fail "stopped db first"
    mc_ok start
    is "$(running)" "$P-db-1 $P-web-1" "running"
    mc_ok down
    is "$(container_ids)$(network_ids)" "" "left"
    is "$(volume_names)" "${P}_data" "volumes"
    mc_ok down -v
    left_nothing
}

test_down_twice() {
    sleepers web | compose_file
    mc_ok up -d
    mc_ok down
    mc_ok down
    left_nothing
}

test_down_by_name_alone() {
    sleepers web | compose_file
    mc_ok up -d
    cd "$W"
    mc_ok -p "$P" ps --services
    out_is web
    mc_ok -p "$P" down
    left_nothing
}

test_stop_timeout() {
    local start
    compose_file <<'Y'
services:
  deaf: {image: alpine, command: [sh, -c, "trap '' TERM; while :; do sleep 1000 & wait; done"]}
Y
    mc_ok up -d
    start=$SECONDS
    mc_ok stop -t 1
    [ $((SECONDS - start)) -le 6 ] || fail "took $((SECONDS - start)) seconds"
    is "$(inspect "$P-deaf-1" .State.ExitCode)" 137 "exit code"
}

test_stop_signal() {
    compose_file <<'Y'
services:
  web: {image: alpine, command: [sh, -c, "trap 'exit 42' USR1; while :; do sleep 1000 & wait; done"], stop_signal: SIGUSR1}
Y
    mc_ok up -d
    sleep 0.3
    mc_ok stop
    is "$(inspect "$P-web-1" .State.ExitCode)" 42 "exit code"
}

test_restart() {
    local before
    sleepers db web | compose_file
    mc_ok up -d
    before=$(lives)
    mc_ok restart web
    is "$(changed_between "$before" "$(lives)")" "$P-web-1" "restarted"
    is "$(running)" "$P-db-1 $P-web-1" "running"
}

test_kill() {
    sleepers web | compose_file
    mc_ok up -d
    mc_ok kill
    is "$(inspect "$P-web-1" .State.ExitCode)" 137 "exit code"
    mc_ok kill
    err_has 'no container to kill'
    mc_ok start
    sleep 0.3
    mc_ok kill -s TERM
    until_true 10 eval '[ "$(inspect "$P-web-1" .State.Status)" = exited ]' || fail "still running"
    is "$(inspect "$P-web-1" .State.ExitCode)" 0 "exit code"
}

test_rm() {
    sleepers db web | compose_file
    mc_ok up -d
    mc_ok rm -f
    err_has 'No stopped containers'
    mc_ok stop web
    mc_ok rm -f
    out_has "Going to remove $P-web-1"
    is "$(all_containers)" "$P-db-1" "containers"
    mc_ok rm -fs db
    is "$(all_containers)" "" "containers"
}

# ---- run, exec ---------------------------------------------------------------------------------------------

test_run() {
    compose_file <<'Y'
services:
  db: {image: alpine, command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done"]}
  web: {image: alpine, command: [echo, from the file], depends_on: [db], ports: ["127.0.0.1::80"], environment: {A: "1"}}
Y
    mc_ok run --rm -T web
    out_is 'from the file'
    is "$(running)" "$P-db-1" "running"
    mc run --rm -T --no-deps web sh -c 'exit 6'
    rc_is 6
    B=2 mc_ok run --rm -T -e A=3 -e B web sh -c 'echo "$A $B"'
    out_is '3 2'
    printf 'A=file\nC="${A} ${NOT_HERE:-no}"\nD=1\nD=2\nB\n' >one.env
    printf 'C=late\nE=two\nexport F=${D}\n' >two.env
    B=2 NOT_HERE=5 mc_ok run --rm -T -e A=3 --env-from-file one.env --env-from-file two.env web \
        sh -c 'echo "$A $C $D ${B-none} $E $F"'
    out_is '3 3 no 2 none two 2'
    mc_fails run --rm -T --env-from-file none.env web
    err_has 'open .*none.env: no such file or directory'
    echo 'A="1' >bad.env
    mc_fails run --rm -T --env-from-file bad.env web
    at bad.env:1:3
    mc_ok run --rm -T -u 1000 -w /tmp web sh -c 'id -u; pwd'
    out_is $'1000\n/tmp'
    mc_ok run --rm -T --entrypoint 'echo entry' web point
    out_is 'entry point'
    is "$(all_containers)" "$P-db-1" "containers"
    mc_ok down -t 0
    mc_ok run --rm -T --quiet web
    out_is 'from the file'
    err_empty
}

test_run_keeps_container() {
    sleepers web | compose_file
    mc_ok run -T web true
    [[ "$(all_containers)" =~ ^$P-web-run-[0-9a-f]{12}$ ]] || fail "containers: $(all_containers)"
    mc_ok down --remove-orphans
    left_nothing
}

test_run_service_ports() {
    compose_file <<'Y'
services:
  web: {image: alpine, command: [serve, "80", /], ports: ["127.0.0.1::80"]}
Y
    mc_ok run -d --name "$P-none" web
    is "$(inspect "$P-none" '.NetworkSettings.Ports["80/tcp"]')" null "ports"
    mc_ok run -d --service-ports --name "$P-ports" web
    [[ "$(cat "$W/out")" =~ ^[0-9a-f]{64}$ ]] || fail "no container id"
    fetch "http://127.0.0.1:$(published "$P-ports" 80)/etc/passwd" | grep -q root || fail "not published"
    mc_ok down --remove-orphans
    left_nothing
}

test_run_piped_stdin() {
    sleepers web | compose_file
    rc=0
    printf 'one\ntwo\n' | "$MCOMPOSE" run --rm -T web cat >"$W/out" 2>"$W/err" || rc=$?
    rc_is 0
    out_is $'one\ntwo'
}

test_run_several_networks() {
    compose_file <<'Y'
services:
  web: {image: alpine, command: [ip, -o, link], networks: {front: {}, back: {}}}
networks: {front: {}, back: {}}
Y
    mc_ok run --rm -T web
    is "$(grep -c ': eth' "$W/out")" 2 "network interfaces"
}

test_run_forwards_signals() {
    compose_file <<'Y'
services:
  web: {image: alpine, command: [sh, -c, "trap 'echo got it; exit 5' TERM; echo ready; while :; do sleep 1000 & wait; done"]}
Y
    mc_bg run --rm -T web
    wait_out ready
    kill -TERM "$mc_pid"
    mc_wait
    rc_is 5
    out_has '^got it$'
}

test_exec() {
    sleepers web | compose_file
    mc_ok up -d
    mc exec -T web sh -c 'echo out; echo err >&2; exit 9'
    rc_is 9
    out_is out
    is "$(cat "$W/err")" err stderr
    mc_ok exec -T -u 1000 -w /tmp -e A=1 web sh -c 'id -u; pwd; echo $A'
    out_is $'1000\n/tmp\n1'
    mc_ok exec -T -d web sh -c 'echo yes >/tmp/detached'
    sleep 0.5
    mc_ok exec -T web cat /tmp/detached
    out_is yes
    mc exec -T web no-such-program
    [ "$rc" = 126 ] || [ "$rc" = 127 ] || fail "exit code $rc, expected 126 or 127"
    mc_ok stop
    mc_fails exec -T web true
    err_has 'service "web" is not running'
}

test_exec_piped_stdin() {
    sleepers web | compose_file
    mc_ok up -d
    rc=0
    head -c 300000 /dev/zero | tr '\0' x | "$MCOMPOSE" exec -T web wc -c >"$W/out" 2>"$W/err" || rc=$?
    rc_is 0
    out_is 300000
}

test_exec_big_output() {
    sleepers web | compose_file
    mc_ok up -d
    mc_ok exec -T web sh -c 'yes 0123456789abcde | head -c 3000000'
    is "$(wc -c <"$W/out")" 3000000 "bytes"
}

test_exec_terminal() {
    sleepers web | compose_file
    mc_ok up -d
    rc=0
    printf 'tty && stty size; exit 4\r' |
        script -fqec "stty rows 33 cols 99; $MCOMPOSE exec web sh" /dev/null >"$W/out" 2>"$W/err" || rc=$?
    rc_is 4
    out_has '/dev/pts/'
    out_has '33 99'
    ! grep -q $'\r\r' "$W/out" || fail "the terminal changes what the program prints"
}

test_run_terminal() {
    sleepers web | compose_file
    rc=0
    printf 'tty; exit 3\r' | script -fqec "$MCOMPOSE run --rm web sh" /dev/null >"$W/out" 2>"$W/err" || rc=$?
    rc_is 3
    out_has '/dev/pts/'
}

# Keys that come when the program waits for them. keys WAIT-FOR KEYS COMMAND...
keys() {
    local seen=$1 typed=$2
    shift 2
    rc=0
    {
        until_true 20 grep -q "$seen" "$W/out" || true
        printf '%s' "$typed"
        until_true 20 [ -s "$W/code" ] || true
    } | script -fqec "$*; echo \$? >$W/code" /dev/null >"$W/out" 2>"$W/err" || true
    read -r rc <"$W/code"
    rm -f "$W/code"
}

test_detach_keys() {
    sleepers web | compose_file
    keys 'ready>' $'\020\021' "$MCOMPOSE run -e PS1='ready> ' --name $P-left web sh"
    rc_is 0
    is "$(running)" "$P-left" "running"
    mc_ok up -d
    keys 'ready>' $'\020\021' "$MCOMPOSE exec -e PS1='ready> ' web sh"
    rc_is 1
    out_has 'read escape sequence'
    mkdir conf
    echo '{"detachKeys": "ctrl-a,d"}' >conf/config.json
    keys 'ready>' $'\020\021\001d' "DOCKER_CONFIG=conf $MCOMPOSE exec -e PS1='ready> ' web sh"
    rc_is 1
    out_has 'read escape sequence'
}

# ---- logs, ps, ls ------------------------------------------------------------------------------------------

test_logs() {
    compose_file <<'Y'
services:
  a: {image: alpine, command: [sh, -c, "echo a1; sleep 0.2; echo a2 >&2; sleep 0.2; echo a3"]}
  bb: {image: alpine, command: [sh, -c, "echo b1"]}
Y
    mc_ok up -d
    wait_logs a a3
    wait_logs bb b1
    mc_ok logs a
    is "$(sort "$W/out")" $'a-1  | a1\na-1  | a2\na-1  | a3' "logs"
    mc_ok logs --no-log-prefix --tail 1 a
    out_is a3
    mc_ok logs -t --no-log-prefix bb
    out_has '^20[0-9-]*T[0-9:.]*Z b1$'
    mc_ok logs --no-color
    is "$(wc -l <"$W/out")" 4 "lines"
    out_has '^bb-1  *\| b1$'
}

test_logs_follow() {
    compose_file <<'Y'
services:
  web: {image: alpine, command: [sh, -c, "trap 'exit 0' TERM; i=0; while :; do i=$$((i + 1)); echo tick $$i; sleep 0.2; done"]}
Y
    mc_ok up -d
    mc_bg logs -f
    wait_out 'tick 3'
    mc_pid2=$mc_pid
    "$MCOMPOSE" stop >/dev/null 2>&1
    until_true 10 [ ! -d "/proc/$mc_pid2" ] || true
    mc_wait
    rc_is 0
    mc_ok start
    mc_bg logs -f
    wait_out 'tick 1'
    kill -INT "$mc_pid"
    kill -INT "$mc_pid"
    mc_wait
    rc_is 130
}

test_logs_follow_recreated() {
    compose_file <<'Y'
services:
  web: {image: alpine, init: true, command: [sh, -c, "echo round; sleep 1000"]}
  idle: {image: alpine, init: true, command: [sleep, "1000"]}
Y
    mc_ok up -d
    mc_bg logs -f
    wait_out '^web-1 +\| round$'
    "$MCOMPOSE" up -d -t 1 --force-recreate web >/dev/null 2>&1
    wait_out '^web-1 has been recreated$'
    twice() { [ "$(grep -cE '^web-1 +\| round$' "$W/out")" -ge 2 ]; }
    until_true 20 twice || fail "the second round is missing"
    out_lacks '[0-9a-f]{12}_'
    kill -INT "$mc_pid"
    mc_wait
    rc_is 130
}

test_ps() {
    compose_file <<'Y'
services:
  job: {image: alpine, command: [sh, -c, "exit 3"]}
  web: {image: alpine, command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done"], ports: ["127.0.0.1:18081:80"]}
Y
    mc_ok up -d
    until_true 10 eval '[ "$(running)" = "$P-web-1" ]' || fail "job still runs"
    mc_ok ps
    out_has '^NAME +IMAGE +COMMAND +SERVICE +CREATED +STATUS +PORTS$'
    out_has "^$P-web-1 +alpine +\"sh -c 'trap 'exit 0.…?\" +web .*127\\.0\\.0\\.1:18081->80/tcp"
    out_lacks job
    mc_ok ps -a
    out_has "^$P-job-1 .*Exited \\(3\\)"
    mc_ok ps --services
    out_is web
    mc_ok ps -q
    is "$(cat "$W/out")" "$(inspect "$P-web-1" .Id)" "id"
    mc_ok ps -a --format json
    is "$(jq -rs 'map("\(.Service) \(.State) \(.ExitCode) \(.Publishers | length)") | join(",")' "$W/out")" \
        "job exited 3 0,web running 0 1" "json"
}

test_ls() {
    sleepers web | compose_file
    mc_ok up -d
    mc_ok ls
    out_has '^NAME +STATUS +CONFIG FILES$'
    out_has "^$P +running\\(1\\) +$PWD/compose.yaml$"
    mc_ok stop
    mc_ok ls
    out_lacks "^$P "
    mc_ok ls -a
    out_has "^$P +exited\\(1\\)"
    mc_ok ls -a --format json
    is "$(jq -r '.[] | select(.Name == "'"$P"'") | .Status' "$W/out")" 'exited(1)' "status"
}

# An engine that is too old for one attribute is told before anything is made.
test_engine_too_old() {
    compose_file <<'Y'
services:
  old: {image: alpine, networks: {a: , b: {mac_address: "02:42:0a:00:00:05"}, c: {interface_name: eth9}}}
  plain: {image: alpine, command: [sleep, "100"]}
networks: {a: , b: , c: }
Y
    case $ENGINE in
    20.10*) ;;
    *) # this one has all of it
        mc_ok create
        is "$(api "/containers/$P-old-1/json" | jq -r ".NetworkSettings.Networks | .[\"${P}_b\"].MacAddress,
            .[\"${P}_c\"].DriverOpts[\"com.docker.network.endpoint.ifname\"]")" $'02:42:0a:00:00:05\neth9' "endpoints"
        return
        ;;
    esac
    mc_fails up -d
    err_has 'compose.yaml:2:57: error: a MAC address for a network requires Docker Engine v25 or later'
    err_has 'compose.yaml:2:.*: error: interface_name requires Docker Engine v28.1 or later'
    is "$(all_containers)" "" "containers"
    mc_fails plan
    err_has 'compose.yaml:2:57: error: a MAC address'
    rc_is 1
}

# ---- attributes --------------------------------------------------------------------------------------------

test_secrets_and_configs() {
    echo from-file >secret.txt
    compose_file <<'Y'
services:
  web:
    image: alpine
    command: [sh, -c, "cat /run/secrets/file /run/secrets/renamed /plain /etc/inline; ls -ln /etc/inline"]
    secrets:
      - file
      - {source: env, target: renamed}
    configs:
      - {source: plain, target: /plain}
      - {source: inline, target: /etc/inline, uid: "1000", gid: "1000", mode: 0440}
secrets:
  file: {file: secret.txt}
  env: {environment: MY_SECRET}
configs:
  plain: {environment: MY_CONFIG}
  inline: {content: "inline for ${WHO:-everyone}\n"}
Y
    MY_SECRET=from-env MY_CONFIG=config-env mc_ok up -d
    wait_logs web '/etc/inline$'
    mc_ok logs --no-log-prefix web
    out_has '^from-file$'
    out_has 'from-env'
    out_has 'config-env'
    out_has 'inline for everyone$'
    out_has '^-r--r----- +1 1000 +1000 .*/etc/inline$'
}

test_namespaces_of_a_service() {
    compose_file <<'Y'
services:
  main:
    image: alpine
    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done"]
    hostname: main-host
    ipc: shareable
    environment: {A: "${A:-1}"}
  side:
    image: alpine
    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done"]
    network_mode: service:main
    ipc: service:main
    pid: service:main
Y
    mc_ok up -d
    id=$(inspect "$P-main-1" .Id)
    for mode in NetworkMode IpcMode PidMode; do
        is "$(inspect "$P-side-1" .HostConfig.$mode)" "container:$id" "$mode"
    done
    before=$(lives)
    mc_ok up -d
    is "$(lives)" "$before" "containers"
    A=2 mc_ok up -d
    is "$(running)" "$P-main-1 $P-side-1" "running"
    is "$(inspect "$P-side-1" .HostConfig.NetworkMode)" "container:$(inspect "$P-main-1" .Id)" "NetworkMode"
}

test_depends_on_restart() {
    local before
    sleepers db web | compose_file
    printf '    depends_on: {db: {condition: service_started, restart: true}}\n' >>compose.yaml
    mc_ok up -d
    before=$(lives)
    mc_ok restart db
    is "$(changed_between "$before" "$(lives)")" "$P-db-1 $P-web-1" "restarted"
}

test_optional_dependency() {
    compose_file <<'Y'
services:
  once: {image: alpine, command: [sh, -c, "exit 5"]}
  web:
    image: alpine
    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done"]
    depends_on: {once: {condition: service_completed_successfully, required: false}}
Y
    mc_ok up -d
    err_has "optional dependency .*once.* didn't complete successfully: exit 5"
    is "$(running)" "$P-web-1" "running"
}

test_external_missing() {
    sleepers web | compose_file
    printf '    networks: [out]\nnetworks: {out: {external: true, name: %s-out}}\n' "$P" >>compose.yaml
    mc_fails up -d
    err_has "network $P-out declared as external, but could not be found"
    left_nothing
}

test_from_stdin_and_environment() {
    rc=0
    sleepers web | "$MCOMPOSE" -p "$P" -f - up -d >"$W/out" 2>"$W/err" || rc=$?
    rc_is 0
    is "$(running)" "$P-web-1" "running"
    sleepers web | compose_file elsewhere.yml
    COMPOSE_FILE=elsewhere.yml COMPOSE_PROJECT_NAME=$P mc_ok down
    left_nothing
}

check_main "$@"
