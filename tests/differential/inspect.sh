#!/usr/bin/env bash
# Containers, networks and volumes that the reference made carry no labels of ours: what changed about them is told
# by comparing what the engine holds with what would be made. Each attribute is changed once, and just it is named.
# engines: all
# serial
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

many() {
    echo hi >f.txt
    echo ho >g.txt
    compose_file <<'Y'
services:
  a:
    image: alpine
    command: ["sleep", "1000"]
    entrypoint: ["env"]
    working_dir: /tmp
    user: "1000:1000"
    hostname: host
    domainname: dom.example
    environment: {LEVEL: info, DB_PASSWORD: one, C: }
    labels: {x: y, n: 1}
    annotations: {k: v}
    cap_add: [NET_ADMIN, SYS_PTRACE]
    cap_drop: [MKNOD]
    cpu_shares: 100
    cpuset: "0"
    cpus: 0.5
    cgroup: private
    device_cgroup_rules: ["c 1:3 mr"]
    devices: [/dev/null:/dev/nul2:rw]
    dns: [1.1.1.1, 8.8.8.8]
    dns_opt: ["ndots:2"]
    dns_search: [ex.com]
    expose: ["9000", "9001-9002/udp"]
    extra_hosts: ["h1:10.0.0.1", "h2=10.0.0.2", "v6:[::1]"]
    group_add: ["10", adm]
    healthcheck: {test: "true", interval: 5s, timeout: 3s, retries: 2, start_period: 1s}
    init: true
    ipc: private
    logging: {driver: json-file, options: {max-size: 1m, max-file: 2}}
    mem_limit: 64m
    mem_reservation: 32m
    memswap_limit: 128m
    mem_swappiness: 10
    oom_score_adj: 100
    pids_limit: 50
    ports: ["127.0.0.1::80", {target: 81, protocol: udp, mode: host}]
    read_only: true
    restart: on-failure:2
    security_opt: ["no-new-privileges:true", "seccomp=unconfined"]
    shm_size: 16m
    stdin_open: true
    stop_grace_period: 1s
    stop_signal: SIGUSR1
    sysctls: {net.core.somaxconn: 100}
    tmpfs: ["/t1", "/t2:size=1m,mode=700"]
    tty: true
    ulimits: {nofile: {soft: 100, hard: 200}, nproc: 50}
    volumes:
      - data:/data
      - more:/more:ro,nocopy
      - /anon
      - ./f.txt:/f.txt:ro
      - {type: bind, source: /tmp, target: /bt, bind: {propagation: rslave}}
      - {type: tmpfs, target: /tt, tmpfs: {size: 1m, mode: 0700}}
      - {type: volume, source: data, target: /again, volume: {nocopy: true, labels: {q: r}}, read_only: true}
    networks:
      one: {aliases: [al1, al2], ipv4_address: 10.77.85.10, priority: 5, driver_opts: {com.docker.network.x: y}}
      two: {}
    links: ["b:cc"]
    blkio_config: {weight: 300}
  b:
    image: alpine
    command: sleep 1000
    networks: [one, two]
    secrets: [s1, {source: s2, target: /x/y}]
    configs: [c1]
    userns_mode: host
    cpuset: "0"
    deploy:
      resources: {limits: {cpus: "0.25", memory: 32m, pids: 20}, reservations: {memory: 16m}}
      restart_policy: {condition: on-failure, max_attempts: 3}
networks:
  one: {ipam: {config: [{subnet: 10.77.85.0/24}]}, labels: {nl: 1}, driver_opts: {com.docker.network.bridge.enable_icc: "true"}}
  two: {attachable: true}
volumes:
  data: {labels: {vl: 1}, driver: local}
  more: {driver_opts: {type: tmpfs, device: tmpfs, o: size=1m}}
secrets: {s1: {file: f.txt}, s2: {environment: HOME}, s3: {file: g.txt}}
configs: {c1: {file: f.txt}, c3: {file: g.txt}}
Y
}

# A line: KIND NAME | what is changed, for sed | the causes, without places, joined by "; ".
changes() {
    cat <<'T'
a|s/LEVEL: info/LEVEL: debug/|environment.LEVEL: 'info' -> 'debug'
a|s/, C: }/}/|environment.C removed
a|s/LEVEL: info/LEVEL: info, NEW: x/|environment.NEW added: 'x'
a|s/DB_PASSWORD: one/DB_PASSWORD: two/|environment.DB_PASSWORD: '***' -> '***'
a|s/"sleep", "1000"/"sleep", "1001"/|command: ['sleep', '1000'] -> ['sleep', '1001']
a|s/"env"\]/"env", "-i"]/|entrypoint: ['env'] -> ['env', '-i']
a|s,working_dir: /tmp,working_dir: /var,|working_dir: '/tmp' -> '/var'
a|s/user: "1000:1000"/user: "1001"/|user: '1000:1000' -> '1001'
a|s/hostname: host/hostname: other/|hostname: 'host' -> 'other'
a|s/dom.example/dam/|domainname: 'dom.example' -> 'dam'
a|s/labels: {x: y, n: 1}/labels: {x: z, n: 1}/|labels.x: 'y' -> 'z'
a|s/NET_ADMIN, SYS_PTRACE/NET_ADMIN/|cap_add[1] removed: 'CAP_SYS_PTRACE'
a|s/MKNOD/MKNOD, CHOWN/|cap_drop[0] added: 'CAP_CHOWN'
a|s/cpu_shares: 100/cpu_shares: 101/|cpu_shares: 100 -> 101
a|s/    cpus: 0.5/    cpus: 0.6/|cpus: 0.5 -> 0.6
a|s/cgroup: private/cgroup: host/|cgroup: 'private' -> 'host'
a|s/c 1:3 mr/c 1:3 r/|device_cgroup_rules[0] added: 'c 1:3 r'; device_cgroup_rules[0] removed: 'c 1:3 mr'
a|s/nul2:rw/nul2:r/|devices[0].permissions: 'rw' -> 'r'
a|s/1.1.1.1, 8.8.8.8/8.8.8.8, 1.1.1.1/|dns: the order changed
a|s/ndots:2/ndots:3/|dns_opt[0] added: 'ndots:3'; dns_opt[0] removed: 'ndots:2'
a|s/ex.com/ex.com, ey.com/|dns_search[1] added: 'ey.com'
a|s/"9000", //|expose[0] removed: '9000'
a|s/"h1:10.0.0.1", //|extra_hosts[0] removed: 'h1=10.0.0.1'
a|s/"10", adm/adm/|group_add[0] removed: '10'
a|s/interval: 5s/interval: 1m30s/|healthcheck.interval: '5s' -> '1m30s'
a|s/test: "true"/test: "false"/|healthcheck.test: ['CMD-SHELL', 'true'] -> ['CMD-SHELL', 'false']
a|s/init: true/init: false/|init: true -> false
a|s/ipc: private/ipc: shareable/|ipc: 'private' -> 'shareable'
a|s/max-file: 2/max-file: 3/|logging.options.max-file: '2' -> '3'
a|s/driver: json-file/driver: local/|logging.driver: 'json-file' -> 'local'
a|s/mem_limit: 64m/mem_limit: 65m/|mem_limit: '67108864' -> '68157440'
a|s/memswap_limit: 128m/memswap_limit: 129m/|memswap_limit: '134217728' -> '135266304'
a|s/mem_reservation: 32m/mem_reservation: 31m/|mem_reservation: '33554432' -> '32505856'
a|s/mem_swappiness: 10/mem_swappiness: 11/|mem_swappiness: '10' -> '11'
a|s/oom_score_adj: 100/oom_score_adj: -100/|oom_score_adj: 100 -> -100
a|s/pids_limit: 50/pids_limit: 51/|pids_limit: 50 -> 51
a|s/127.0.0.1::80/127.0.0.1:18080:80/|ports[0].published added: '18080'
a|s/127.0.0.1::80/127.0.0.2::80/|ports[0].host_ip: '127.0.0.1' -> '127.0.0.2'
a|s/target: 81/target: 82/|ports[1] added: {target: 82, protocol: 'udp'}; ports[1] removed: {target: 81, protocol: 'udp'}
a|s/    read_only: true$/    read_only: false/|read_only removed: true
a|s/on-failure:2/on-failure:3/|restart: 'on-failure:2' -> 'on-failure:3'
a|s/restart: on-failure:2/privileged: true\n    &/|privileged added: true
a|s/, "seccomp=unconfined"//|security_opt[1] removed: 'seccomp=unconfined'
a|s/shm_size: 16m/shm_size: 17m/|shm_size: '16777216' -> '17825792'
a|s/stdin_open: true/stdin_open: false/|stdin_open removed: true
a|s/stop_grace_period: 1s/stop_grace_period: 2m/|stop_grace_period: '1s' -> '2m0s'
a|s/SIGUSR1/SIGUSR2/|stop_signal: 'SIGUSR1' -> 'SIGUSR2'
a|s/somaxconn: 100/somaxconn: 101/|sysctls.net.core.somaxconn: '100' -> '101'
a|s/"\/t1", //|tmpfs[0] removed: '/t1'
a|s/tty: true/tty: false/|tty removed: true
a|s/nproc: 50/nproc: 51/|ulimits.nproc: 50 -> 51
a|s/soft: 100/soft: 101/|ulimits.nofile.soft: 100 -> 101
a|s/- data:/- more:/|volumes[0].source: 'data' -> 'more'
a|s/more:ro,nocopy/more:ro/|volumes[1].volume removed: {nocopy: true}
a|s/      - .anon$//|volumes[1] removed: {type: 'volume', target: '/anon'}
a|s/f.txt:ro/f.txt/|volumes[3].read_only removed: true
a|s/rslave/shared/|volumes[4].bind.propagation: 'rslave' -> 'shared'
a|s/size: 1m, mode/size: 2m, mode/|volumes[5].tmpfs.size: '1048576' -> '2097152'
a|s/q: r/q: s/|volumes[6].volume.labels.q: 'r' -> 's'
a|s/al1, al2/al1/|networks.one.aliases[1] removed: 'al2'
a|s/85.10,/85.11,/|networks.one.ipv4_address: '10.77.85.10' -> '10.77.85.11'
a|s/network.x: y/network.x: z/|networks.one.driver_opts.com.docker.network.x: 'y' -> 'z'
a|s/      two: {}//|networks.two removed: {}
a|s/"b:cc"/"b:dd"/|links[0] added: 'b:dd'; links[0] removed: 'b:cc'
a|s/image: alpine$/image: busybox/|image: 'alpine' -> 'busybox'
a|s/    blkio_config/    post_start: [{command: "true"}]\n&/|configuration changed, in what the engine does not tell
b|s/secrets: .s1, /secrets: [{source: s1, target: ss}, /|secrets[0] added: {source: 's1', target: '/run/secrets/ss'}; secrets[0] removed: {source: 's1', target: '/run/secrets/s1'}
b|s/    configs: .c1./    configs: [c1, c3]/|configs[1] added: {source: 'c3', target: '/c3'}
b|s/    userns_mode: host//|userns_mode removed: 'host'
b|s/cpus: "0.25"/cpus: "0.3"/|deploy.resources.limits.cpus: 0.25 -> 0.3
b|s/memory: 32m/memory: 33m/|deploy.resources.limits.memory: '33554432' -> '34603008'
b|s/pids: 20/pids: 21/|deploy.resources.limits.pids: 20 -> 21
b|s/memory: 16m/memory: 15m/|deploy.resources.reservations.memory: '16777216' -> '15728640'
b|s/condition: on-failure/condition: any/|deploy.restart_policy.condition: 'on-failure' -> 'always'
b|s/max_attempts: 3/max_attempts: 4/|deploy.restart_policy.max_attempts: 3 -> 4
one|s/nl: 1/nl: 2/|labels.nl: '1' -> '2'
one|s/icc: "true"/icc: "false"/|driver_opts.com.docker.network.bridge.enable_icc: 'true' -> 'false'
one|s,subnet: 10.77.85.0/24,&\, gateway: 10.77.85.9,|ipam.config[0].gateway added: '10.77.85.9'
two|s/attachable: true/attachable: true, internal: true/|internal added: true
two|s/attachable: true/attachable: false/|attachable removed: true
data|s/vl: 1/vl: 2/|labels.vl: '1' -> '2'
more|s/size=1m}/size=2m}/|driver_opts.o: 'size=1m' -> 'size=2m'
T
}

# causes NAME: those of the resource, without the one that images differ
causes() {
    jq -r --arg name "$1" '[.resources[] | select(.name == $name or .name == $name + "-1") | .causes[].text
        | select(startswith("image changed") | not)] | join("; ")' "$W/out"
}

# all_named: every line of changes is found by `plan`, and nothing else
all_named() {
    local name change want got count=0
    cp compose.yaml as-it-was.yaml
    while IFS='|' read -r name change want; do
        sed "$change" as-it-was.yaml >compose.yaml
        ! cmp -s compose.yaml as-it-was.yaml || fail "nothing is changed by: $change"
        mc plan --no-start --yes --format json
        rc_is 2
        case $name in one | two | data | more) got=$(causes "${P}_$name") ;; *) got=$(causes "$P-$name") ;; esac
        [ "$got" = "$want" ] || fail "$change: $got"$'\n'"expected: $want"
        count=$((count + 1))
    done < <(changes)
    [ $count -ge 80 ] || fail "only $count changes were tried"
    cp as-it-was.yaml compose.yaml
}

test_every_change() {
    many
    oracle_ok create
    mc plan --no-start
    rc_is 0
    all_named
    step "annotations, where the engine keeps them"
    sed -i 's/k: v}/k: w}/' compose.yaml
    mc plan --no-start --format json
    case $ENGINE in
    20.*) is "$(causes "$P-a")" "configuration changed, in what the engine does not tell" ;;
    *) is "$(causes "$P-a")" "annotations.k: 'v' -> 'w'" ;;
    esac
}

# One that runs, whose image has volumes, made anew by the reference: nothing of that is a change.
test_running() {
    compose_file <<'Y'
services:
  web: {image: nginx, environment: {LEVEL: info}, volumes: [/var/x], depends_on: [db], ports: ["80"]}
  db: {image: alpine, command: sleep 1000, scale: 3}
  host: {image: alpine, command: sleep 1000, network_mode: host, pid: host}
  with: {image: alpine, command: sleep 100, network_mode: "service:web", volumes_from: ["web:ro"]}
Y
    oracle_ok up -d -t 0
    oracle_ok up -d -t 0 --force-recreate
    mc plan
    rc_is 0
    step "one attribute each"
    sed -i 's/info/debug/; s/sleep 1000/sleep 1001/' compose.yaml
    mc plan --format json
    rc_is 2
    is "$(causes "$P-web")" "environment.LEVEL: 'info' -> 'debug'"
    is "$(causes "$P-host")" "command: ['sleep', '1000'] -> ['sleep', '1001']"
    is "$(causes "$P-db-2")" "command: ['sleep', '1000'] -> ['sleep', '1001']"
    step "asked about as little as possible: web, one of db, host; with is new because web is"
    MCOMPOSE_TRACE=http mc plan
    is "$(grep -c 'GET /v[0-9.]*/containers/[0-9a-f]*/json' "$W/err")" 3 "inspections"
    mc why web
    out_has "environment.LEVEL: 'info' -> 'debug' \(.*compose.yaml:2:.*\)"
    step "carried out as planned, and noted"
    mc plan -t 0 -o plan.json
    mc_ok up -d --plan plan.json
    mc why web
    out_has "anew, because: environment.LEVEL: 'info' -> 'debug'"
    mc plan
    rc_is 0
    step "nothing is asked of what has our labels"
    sed -i 's/debug/info/' compose.yaml
    MCOMPOSE_TRACE=http mc plan
    out_has "environment.LEVEL: 'debug' -> 'info'"
    is "$(grep -c 'GET /v[0-9.]*/containers/[0-9a-f]*/json' "$W/err")" 0 "inspections"
}

check_main "$@"
