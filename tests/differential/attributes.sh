#!/usr/bin/env bash
# One project with every attribute these engines accept, made by the reference and by us: the engine must hold the
# same.
# engines: all
# serial
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

everything() {
    echo hi >f.txt
    echo 'L2=two' >l.env
    compose_file <<'Y'
services:
  a:
    image: alpine
    command: ["sh", "-c", "exec sleep 1000 $$X"]
    entrypoint: ["env"]
    working_dir: /tmp
    user: "1000:1000"
    hostname: host
    domainname: dom.example
    environment: {A: 1, B: "x y", C: , D: 'true'}
    env_file: [l.env]
    labels: {x: y, n: 1}
    annotations: {k: v}
    cap_add: [NET_ADMIN, SYS_PTRACE]
    cap_drop: [MKNOD]
    cpu_shares: 100
    cpuset: "0"
    cpus: 0.5
    cgroup_parent: /
    cgroup: private
    device_cgroup_rules: ["c 1:3 mr"]
    devices: [/dev/null:/dev/nul2:rw]
    dns: [1.1.1.1, 8.8.8.8]
    dns_opt: [ndots:2]
    dns_search: [ex.com]
    expose: ["9000", "9001-9002/udp"]
    extra_hosts: ["h1:10.0.0.1", "h2=10.0.0.2", "v6:[::1]"]
    group_add: ["10", adm]
    healthcheck: {test: "true", interval: 5s, timeout: 3s, retries: 2, start_period: 1s}
    init: true
    ipc: private
    isolation: default
    logging: {driver: json-file, options: {max-size: 1m, max-file: 2}}
    mem_limit: 64m
    mem_reservation: 32m
    memswap_limit: 128m
    mem_swappiness: 10
    oom_kill_disable: false
    oom_score_adj: 100
    pids_limit: 50
    ports: ["127.0.0.1::80", {target: 81, protocol: udp, mode: host}]
    privileged: false
    read_only: true
    restart: on-failure:2
    security_opt: [no-new-privileges:true, "seccomp=unconfined"]
    shm_size: 16m
    stdin_open: true
    stop_grace_period: 1s
    stop_signal: SIGUSR1
    sysctls: {net.core.somaxconn: 100}
    tmpfs: ["/t1", "/t2:size=1m,mode=700"]
    tty: true
    ulimits: {nofile: {soft: 100, hard: 200}, nproc: 50}
    uts: ""
    volumes:
      - data:/data
      - data2:/data2:ro,nocopy
      - /anon
      - ./f.txt:/f.txt:ro
      - {type: bind, source: /tmp, target: /bt, bind: {propagation: rslave}}
      - {type: tmpfs, target: /tt, tmpfs: {size: 1m, mode: 0700}}
      - {type: volume, source: data, target: /again, volume: {nocopy: true, labels: {q: r}}, read_only: true}
    networks:
      one: {aliases: [al1, al2], ipv4_address: 10.77.81.10, priority: 5, driver_opts: {com.docker.network.x: y}}
      two: {ipv6_address: "fd00:77::10", link_local_ips: [169.254.8.8]}
      three: {priority: 100}
    blkio_config: {weight: 300}
    links: [g:cc]
    external_links: []
  c:
    image: alpine
    command: sleep 1000
    networks: [one, two]
    deploy:
      resources: {limits: {cpus: "0.25", memory: 32m, pids: 20}, reservations: {memory: 16m}}
      restart_policy: {condition: on-failure, max_attempts: 3}
    mac_address: "02:42:0a:4d:01:0b"
    pid: "service:a"
  d:
    image: alpine
    command: sleep 1000
    network_mode: "service:a"
    ipc: shareable
    userns_mode: host
    cpu_quota: 50000
    cpu_rt_runtime: "0"
    uts: host
    storage_opt: {}
  e:
    image: alpine
    command: sleep 1000
    network_mode: host
    pid: host
    ipc: "service:d"
    privileged: true
    secrets: [s1, {source: s2, target: /x/y}]
    configs: [c1, {source: c2, target: /c2, mode: 0440}]
    labels: ["q=1", "z"]
  f:
    image: alpine
    command: sleep 1000
    network_mode: none
    gpus: []
    runtime: runc
  g:
    image: alpine
    command: sleep 1000
    networks: {two: , three: {aliases: [gg]}}
networks:
  one: {ipam: {config: [{subnet: 10.77.81.0/24, gateway: 10.77.81.1, ip_range: 10.77.81.0/25, aux_addresses: {h: 10.77.81.5}}]}, labels: {nl: 1}, driver_opts: {com.docker.network.bridge.enable_icc: "true"}}
  two: {enable_ipv6: true, ipam: {config: [{subnet: "fd00:77::/64"}, {subnet: 10.77.82.0/24}]}, attachable: true}
  three: {internal: true, ipam: {config: [{subnet: 10.77.83.0/24, gateway: 10.77.83.1}]}}
volumes:
  data: {labels: {vl: 1}, driver: local}
  data2: {driver_opts: {type: tmpfs, device: tmpfs, o: size=1m}}
secrets: {s1: {file: f.txt}, s2: {environment: HOME}}
configs: {c1: {file: f.txt}, c2: {content: "hello"}}
Y
}

# held: what the engine says of containers, networks and volumes, without ids, times and what it hands out; lists
# that have no order are sorted. Our own labels and the release's number do not count.
held() {
    local name
    api "/containers/json?all=1&$(project_filter)" | jq -r '.[].Names[0]' | LC_ALL=C sort | while read -r name; do
        echo "container $name"
        api "/containers$name/json" | plain
    done
    for name in one two three; do
        echo "network $name"
        api "/networks/${P}_$name" | jq '{Driver, EnableIPv6, IPAM, Internal, Attachable, Options, Labels}' | plain
    done
    for name in data data2; do
        echo "volume $name"
        api "/volumes/${P}_$name" | jq '{Driver, Labels, Options, Scope}' | plain
    done
}
plain() {
    jq -S '
      def sorted(f): if . then sort_by(f) else . end;
      walk(if type == "string" then gsub("[0-9a-f]{64}"; "ID") | gsub("^[0-9a-f]{12}$"; "ID") else . end)
      | walk(if type == "object" then
          with_entries(select((.key | startswith("dev.mcompose.") | not) and .key != "com.docker.compose.version"))
        else . end)
      | if .HostConfig then
          {Path, Args, Config, HostConfig, Mounts, Networks: .NetworkSettings.Networks}
          | .Config.Env |= sorted(.)
          | .HostConfig.ExtraHosts |= sorted(.) | .HostConfig.Ulimits |= sorted(.Name)
          | .HostConfig.Binds |= sorted(.) | .HostConfig.Mounts |= sorted(.Target)
          | .Mounts |= (map(if .Name == "ID" then .Source = "" else . end) | sort_by(.Destination))
          | .Networks[] |= ({IPAMConfig, Links, DriverOpts, GwPriority, Aliases}
            | .Aliases |= (if . then map(select(. != "ID")) | sort else . end))
        else . end'
}

test_every_attribute() {
    local tool
    everything
    for tool in oracle mc; do
        "${tool}_ok" create
        held >"$W/$tool.held"
        "${tool}_ok" down -v -t 0
    done
    [ "$(grep -c '^container' "$W/mc.held")" = 6 ] || fail "not all containers were looked at"
    same_file "what the engine holds" "$W/oracle.held" "$W/mc.held"
}

check_main "$@"
