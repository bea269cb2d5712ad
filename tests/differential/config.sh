#!/usr/bin/env bash
# `config` beside the reference: the same bytes on stdout and the same exit code.
# engines: none
set -eu
# shellcheck source=tests/engine/check.sh
. "$(dirname "$0")/../engine/check.sh"

# same ARGS...: both give the same exit code and the same stdout; sorted_same where the reference has no order
same() {
    oracle "$@"
    want=$rc
    cp "$W/out" "$W/oracle.out"
    cp "$W/err" "$W/oracle.err"
    mc "$@"
    [ "$rc" = "$want" ] || {
        sed 's/^/oracle| /' "$W/oracle.err" >&2
        fail "exit code $rc, the reference's is $want"
    }
    same_file "stdout of '$ran'" "$W/oracle.out" "$W/out"
}
sorted_same() {
    oracle_ok "$@"
    LC_ALL=C sort "$W/out" >"$W/oracle.out"
    mc_ok "$@"
    LC_ALL=C sort "$W/out" >"$W/sorted"
    same_file "stdout of '$ran'" "$W/oracle.out" "$W/sorted"
}

# every_form ARGS...: config in all the ways it can be printed
every_form() {
    same "$@" config
    same "$@" config --format json
    sorted_same "$@" config --services
    same "$@" config --profiles
    same "$@" config --hash '*'
    same "$@" config -q
    same "$@" config --no-interpolate
    same "$@" config --no-path-resolution
    same "$@" config --no-normalize
    sorted_same "$@" config --images
    sorted_same "$@" config --volumes
    sorted_same "$@" config --networks
}

# config_of: YAML and JSON of the compose.yaml on standard input
config_of() {
    compose_file
    same config
    [ "$want" = 0 ] || fail "the reference refuses this: $(cat "$W/oracle.err")"
    same config --format json
    same config --hash '*'
}

stack() {
    cp -r "$ROOT/testdata/stacks/$1" "$W/$1"
    cd "$W/$1"
    shift
    every_form "$@"
}

test_ollama_chat_production() { stack ollama-chat -f docker-compose.prod.yml; }
test_ollama_chat_development() { stack ollama-chat -f docker-compose.prod.yml -f docker-compose.dev.yml; }
test_ollama_chat_with_ollama() {
    stack ollama-chat -f docker-compose.prod.yml -f docker-compose.dev.yml -f docker-compose.with-ollama.yml
}
test_api_frontend_base() { stack api-frontend; }
test_api_frontend_development() { stack api-frontend -f docker-compose.yml -f docker-compose.dev.yml; }
test_team_service_development() { stack team-service -f compose/docker-compose.dev.yml --env-file env/.env.dev; }
test_team_service_tests() { stack team-service -f compose/docker-compose.test.yml --env-file env/.env.test; }
test_vision_api() { stack vision-api; }
test_django_shop_local() { stack django-shop -f local.yml; }
test_django_shop_production() { stack django-shop -f production.yml; }

test_demo() {
    cp -r "$ROOT/testdata/demo" "$W/demo"
    cd "$W/demo"
    every_form -f compose.yaml -f compose.dev.yaml
}

test_one_service() {
    cp -r "$ROOT/testdata/stacks/django-shop" "$W/x"
    cd "$W/x"
    same -f local.yml config worker
    same -f local.yml config redis postgres
    same -f local.yml config nope
    same -f local.yml config --hash redis
    same -f local.yml config --hash nope
}

test_output_file() {
    echo 'services: {web: {image: alpine}}' | compose_file
    oracle_ok config -o "$W/o.yaml"
    mc_ok config -o "$W/m.yaml"
    same_file "the file" "$W/o.yaml" "$W/m.yaml"
    out_is ''
}

test_file_discovery() {
    echo 'services: {web: {image: alpine}}' | compose_file
    echo 'services: {web: {environment: {A: "1"}}}' | compose_file compose.override.yaml
    mkdir -p a/b
    same config
    cd a/b
    same config
    cd ../..
    mv compose.yaml docker-compose.yml
    mv compose.override.yaml docker-compose.override.yml
    same config
    same -f docker-compose.yml config
}

test_project_name() {
    echo 'services: {web: {image: alpine, environment: {N: "$COMPOSE_PROJECT_NAME"}}}' | compose_file
    same -p given config
    COMPOSE_PROJECT_NAME=environment same config
    same --project-directory /tmp/Some.Dir config
    same -p 'Not Valid' config
    echo 'name: from-file-${X:-x}' >>compose.yaml
    same config
    COMPOSE_PROJECT_NAME=environment same config
}

test_compose_variables() {
    echo 'services: {web: {image: "a:${T:-none}", profiles: [p]}, db: {image: x}}' | compose_file one.yml
    echo 'services: {db: {image: y, profiles: [q]}}' | compose_file two.yml
    echo T=from-env-file >x.env
    COMPOSE_FILE=one.yml:two.yml same config
    COMPOSE_FILE=one.yml,two.yml COMPOSE_PATH_SEPARATOR=, same config
    COMPOSE_FILE=one.yml COMPOSE_PROFILES=p COMPOSE_ENV_FILES=x.env same config
    printf 'COMPOSE_FILE=one.yml:two.yml\nCOMPOSE_PROFILES=p,q\nT=dot-env\n' >.env
    same config
    T=shell same config
    T=shell same --env-file x.env config
    COMPOSE_DISABLE_ENV_FILE=1 same -f one.yml config
}

test_several_env_files() {
    printf 'A=1\nB=${A}2\n' >a.env
    printf 'B=3\nC=${B}4${D}\n' >b.env
    echo 'services: {web: {image: x, environment: {A: "$A", B: "$B", C: "$C", D: "$D"}}}' | compose_file
    same --env-file a.env --env-file b.env config
    D=5 B=6 same --env-file a.env --env-file b.env config
}

test_interpolation() {
    printf 'SET=value\nEMPTY=\n' >.env
    config_of <<'Y'
services:
  web:
    image: "${IMG:-alpine}:${TAG-latest}"
    environment:
      a: $SET
      b: ${SET}
      c: ${EMPTY:-default}
      d: ${EMPTY-default}
      e: ${UNSET:-default}
      f: ${UNSET-default}
      g: ${SET:+replaced}
      h: ${EMPTY:+replaced}
      i: ${EMPTY+replaced}
      j: ${UNSET+replaced}
      k: $$SET $${SET}
      l: ${UNSET:-${SET:-x}-${EMPTY:-y}}
      m: ${SET:?no}
      n: "${UNSET:-a b: c}"
      o: ${UNSET:-}
      p: "1${SET}2$EMPTY-$UNSET"
    labels:
      - "x.${SET}=${SET}"
    ports:
      - "${PORT:-8080}:80"
    mem_limit: ${MEM:-64m}
    privileged: ${PRIV:-false}
    stop_grace_period: ${GRACE:-1m30s}
Y
}

test_ports() {
    config_of <<'Y'
services:
  web:
    image: alpine
    ports:
      - "80"
      - 8080:80
      - "8000-8002:9000-9002"
      - "127.0.0.1:5000:5000/udp"
      - "127.0.0.1::6000"
      - "[::1]:7000:7000"
      - "3000-3001"
      - {target: 53, published: 53, protocol: udp, mode: host, name: dns, app_protocol: dns}
      - {target: 81, published: "8100-8110", host_ip: 0.0.0.0}
    expose: [80, "81", 82-83/udp]
Y
}

test_volumes() {
    mkdir -p dir
    config_of <<'Y'
services:
  web:
    image: alpine
    volumes:
      - /anonymous
      - data:/data
      - data:/more:ro
      - ./dir:/dir
      - ../up:/up:ro,z
      - /abs:/abs:rw
      - ~/home:/home
      - ./dir:/prop:rshared
      - {type: tmpfs, target: /tmp, tmpfs: {size: 10m, mode: 0755}}
      - {type: bind, source: ./dir, target: /b, bind: {create_host_path: false, propagation: rslave}}
      - {type: volume, source: data, target: /v, volume: {nocopy: true, subpath: sub}}
      - {type: volume, target: /w, read_only: true}
    tmpfs: [/run, "/var/run:size=64k"]
volumes:
  data:
  other: {name: custom, driver: local, driver_opts: {type: tmpfs, o: size=1m}, labels: [a=b]}
  out: {external: true}
  named: {external: true, name: elsewhere}
Y
}

test_networks() {
    config_of <<'Y'
services:
  a: {image: alpine, networks: [front, back]}
  b:
    image: alpine
    networks:
      front: {aliases: [x, y], ipv4_address: 172.28.0.5, priority: 10}
      back:
      default: {ipv6_address: "2001:db8::5", link_local_ips: [169.254.1.1], mac_address: "02:42:ac:11:00:05"}
  c: {image: alpine, network_mode: host}
  d: {image: alpine, network_mode: "service:a"}
  e: {image: alpine, network_mode: none}
networks:
  front:
    driver: bridge
    driver_opts: {com.docker.network.bridge.name: br-x, mtu: 1400}
    ipam: {driver: default, config: [{subnet: 172.28.0.0/16, ip_range: 172.28.5.0/24, gateway: 172.28.5.254, aux_addresses: {h: 172.28.1.5}}]}
    labels: {l: 1}
  back: {internal: true, attachable: true, enable_ipv6: true, name: "back-${X:-x}"}
  default: {name: mine}
Y
}

test_depends_on() {
    config_of <<'Y'
services:
  a: {image: alpine, depends_on: [b, c]}
  b: {image: alpine, depends_on: {c: {condition: service_healthy, restart: true, required: false}}}
  c: {image: alpine, links: [d, "d:alias"]}
  d: {image: alpine, volumes_from: [e, "e:ro"], ipc: "service:e", pid: "service:e"}
  e: {image: alpine}
Y
}

test_build() {
    mkdir -p ctx/sub
    config_of <<'Y'
services:
  a: {build: ctx}
  b: {build: {context: ./ctx, dockerfile: sub/Dockerfile, target: t, args: [A=1, B], labels: {x: y}, tags: [t1, "t2:x"], cache_from: [c1], network: host, shm_size: 64m, extra_hosts: ["h:1.2.3.4"], pull: true, no_cache: true, platforms: [linux/amd64]}}
  c: {image: named, build: {dockerfile_inline: "FROM alpine\nRUN true\n", ssh: [default], secrets: [s], additional_contexts: {extra: ./ctx, remote: "docker-image://alpine"}, ulimits: {nofile: 10, nproc: {soft: 1, hard: 2}}, privileged: true, isolation: default}}
  d: {build: "https://example.com/repo.git#main:dir"}
secrets: {s: {environment: X}}
Y
}

test_deploy_and_resources() {
    config_of <<'Y'
services:
  a:
    image: alpine
    deploy:
      mode: replicated
      replicas: 3
      labels: {x: "1"}
      resources:
        limits: {cpus: "0.50", memory: 50M, pids: 10}
        reservations:
          cpus: "0.25"
          memory: 20m
          devices: [{driver: nvidia, count: 1, capabilities: [gpu], options: {a: b}}]
      restart_policy: {condition: on-failure, delay: 5s, max_attempts: 3, window: 2m}
      placement: {constraints: [node.role == manager], preferences: [{spread: x}], max_replicas_per_node: 1}
      update_config: {parallelism: 2, delay: 10s, order: start-first, failure_action: rollback, monitor: 5s, max_failure_ratio: 0.1}
      rollback_config: {parallelism: 1}
      endpoint_mode: vip
  b: {image: alpine, cpus: 1.5, cpu_shares: 10, cpu_quota: 50000, cpu_period: 10000, cpuset: "0,1", mem_limit: 1gb, mem_reservation: 512k, memswap_limit: -1, mem_swappiness: 60, pids_limit: 5, oom_score_adj: 100, oom_kill_disable: true, shm_size: 1048576, blkio_config: {weight: 300, device_read_bps: [{path: /dev/sda, rate: 12mb}]}}
  c: {image: alpine, scale: 2, restart: on-failure:3}
Y
}

test_service_attributes() {
    config_of <<'Y'
services:
  a:
    image: alpine
    command: echo "two words" 'single $$x' back\ slash
    entrypoint: ["/bin/sh", "-c"]
    working_dir: /w
    user: "1000:1000"
    hostname: h
    domainname: d.example
    container_name: own
    init: true
    tty: true
    stdin_open: true
    privileged: true
    read_only: true
    stop_signal: SIGINT
    stop_grace_period: 90s
    restart: always
    cap_add: [NET_ADMIN]
    cap_drop: [ALL]
    security_opt: [no-new-privileges:true]
    sysctls: {net.core.somaxconn: 1024}
    ulimits: {nproc: 65535, nofile: {soft: 20000, hard: 40000}}
    dns: 8.8.8.8
    dns_opt: [use-vc]
    dns_search: [a.example, b.example]
    extra_hosts: ["a:1.2.3.4", "b=5.6.7.8", "host.docker.internal:host-gateway", "v6:[::1]"]
    group_add: [mail, 100]
    devices: ["/dev/null:/dev/x:rwm", /dev/zero]
    device_cgroup_rules: ["c 1:3 mr"]
    logging: {driver: json-file, options: {max-size: 1m, max-file: 3}}
    labels: {b: 1, a: true, c: null, d: ""}
    annotations: [x=y]
    platform: linux/amd64
    runtime: runc
    ipc: shareable
    pid: host
    uts: host
    userns_mode: host
    cgroup: host
    cgroup_parent: /x
    mac_address: 02:42:ac:11:00:02
    shm_size: 64m
    pull_policy: always
    attach: false
    expose: ["1", 2]
    external_links: [x, "y:z"]
    storage_opt: {size: 1G}
    healthcheck: {test: curl -f http://x, interval: 1m30s, timeout: 10s, retries: 3, start_period: 40s, start_interval: 5s}
    post_start: [{command: echo hi, user: root, privileged: true, working_dir: /x, environment: {A: b}}]
    pre_stop: [{command: [echo, bye]}]
    develop: {watch: [{path: ./x, action: sync, target: /x, ignore: [y/]}]}
    x-own: {a: [1, 2.5, true, null, "text"]}
  b: {image: alpine, healthcheck: {disable: true}, dns: [1.1.1.1], tmpfs: /x, env_file: [], command: [], entrypoint: ""}
  c: {image: alpine, healthcheck: {test: NONE}, ulimits: {x: 1}, logging: {driver: none}}
x-top: {k: v}
Y
}

test_environment_forms() {
    config_of <<'Y'
services:
  a: {image: alpine, environment: [A=1, B=, C, "D=x=y", "E= spaced "]}
  b: {image: alpine, environment: {A: 1, B: "", C: null, D: true, E: 1.50, F: 010, G: 1e3, H: 0x10, I: "yes", J: on, K: "2024-01-01", L: .5, M: ~}}
Y
}

test_env_file_forms() {
    printf 'A=file1\nB=file1\n' >one.env
    printf 'B=file2\nC=${A}x\n' >two.env
    printf "RAW='quoted' \$A\n" >raw.env
    config_of <<'Y'
services:
  a: {image: alpine, env_file: one.env}
  b: {image: alpine, env_file: [one.env, two.env], environment: {A: own}}
  c: {image: alpine, env_file: [{path: one.env}, {path: nope.env, required: false}, {path: raw.env, format: raw}]}
Y
}

test_anchors_and_merge_keys() {
    config_of <<'Y'
x-a: &a {image: alpine, environment: &env {A: "1", B: "2"}}
x-b: &b
  labels: {from: b}
  restart: always
services:
  one: *a
  two:
    <<: *a
    image: busybox
    environment: {<<: *env, B: "3"}
  three:
    <<: [*a, *b]
    command: &cmd [x, y]
  four: {image: x, command: *cmd}
Y
}

test_merge_rules() {
    compose_file a.yml <<'Y'
services:
  web:
    image: one
    command: [a, b]
    environment: {A: "1", B: "1"}
    labels: [x=1, y=1]
    ports: ["80:80", "81:81"]
    volumes: [./a:/a, "dv:/d"]
    dns: [1.1.1.1]
    cap_add: [A]
    depends_on: [db]
    networks: [n1]
    extra_hosts: [h:1.1.1.1]
    tmpfs: /x
    env_file: []
    healthcheck: {test: [CMD, a], interval: 5s}
    logging: {driver: json-file, options: {a: b}}
    build: {context: ., args: {A: "1"}}
    ulimits: {nofile: 5}
    deploy: {resources: {limits: {cpus: "1"}}}
  db: {image: db}
networks: {n1: , n2: }
volumes: {dv: }
Y
    compose_file b.yml <<'Y'
services:
  web:
    image: two
    command: c
    environment: [B=2, C=2]
    labels: {y: 2, z: 2}
    ports: ["80:80", "8081:81", "82:82"]
    volumes: [./b:/a, "dv:/d:ro"]
    dns: 2.2.2.2
    cap_add: [A, B]
    depends_on: {db: {condition: service_healthy}, cache: {condition: service_started}}
    networks: {n2: {aliases: [al]}}
    extra_hosts: {h: 2.2.2.2, i: 3.3.3.3}
    tmpfs: [/x, /y]
    healthcheck: {interval: 7s}
    logging: {options: {c: d}}
    build: {args: [B=2], target: t}
    ulimits: {nofile: {soft: 1, hard: 2}}
    deploy: {resources: {limits: {memory: 1g}}, replicas: 2}
  cache: {image: cache}
Y
    same -f a.yml -f b.yml config
    same -f a.yml -f b.yml config --format json
    same -f b.yml -f a.yml config
}

test_reset_and_override() {
    compose_file a.yml <<'Y'
services:
  web: {image: one, ports: ["80:80"], environment: {A: "1", B: "2"}, command: [x], labels: {a: b}}
  gone: {image: two}
Y
    compose_file b.yml <<'Y'
services:
  web:
    ports: !override ["8080:80"]
    environment: {A: !reset null}
    command: !reset []
    labels: !override {c: d}
  gone: !reset null
Y
    same -f a.yml -f b.yml config
    same -f a.yml -f b.yml config --format json
}

test_extends() {
    mkdir base
    compose_file base/common.yml <<'Y'
services:
  base: {image: base, environment: {A: base, B: base}, volumes: [./data:/data], build: ./ctx, env_file: x.env}
  top: {extends: base, environment: {B: top}}
Y
    echo 'X=from-file' >base/x.env
    config_of <<'Y'
services:
  web: {extends: {file: base/common.yml, service: top}, environment: {C: web}, ports: ["80:80"]}
  job: {extends: {service: web}, command: job}
Y
}

test_include() {
    mkdir -p inc other
    echo 'V=included' >inc/.env
    compose_file inc/compose.yaml <<'Y'
services: {db: {image: "db:${V}", volumes: ["./data:/d"], networks: [inner]}}
networks: {inner: }
Y
    compose_file other/o.yml <<'Y'
services: {cache: {image: "cache:${V:-none}"}}
Y
    echo 'V=given' >v.env
    config_of <<'Y'
include:
  - inc/compose.yaml
  - {path: [other/o.yml], project_directory: other, env_file: v.env}
services: {web: {image: "web:${V:-unset}", depends_on: [db]}}
Y
}

test_profiles() {
    compose_file <<'Y'
services:
  a: {image: a}
  b: {image: b, profiles: [one]}
  c: {image: c, profiles: [one, two], depends_on: [a]}
volumes: {v: }
Y
    every_form
    every_form --profile one
    every_form --profile two
    every_form --profile '*'
    same config b
}

test_secrets_and_configs() {
    config_of <<'Y'
services:
  web:
    image: alpine
    secrets: [a, {source: b, target: /x, uid: "1", gid: "2", mode: 0400}]
    configs: [c, {source: d, target: /y, mode: 0444}]
secrets:
  a: {file: ./a.txt}
  b: {environment: B_VAR, name: "custom-${N:-b}"}
  e: {external: true}
configs:
  c: {content: "text $$x ${V:-v}\n"}
  d: {file: ~/d.txt, labels: {x: y}}
  f: {external: true, name: ff}
Y
}

test_yaml_text() {
    config_of <<'Y'
services:
  web:
    image: alpine
    command:
      - |
        several
          lines
      - >-
        folded
        text
      - "quoted \"text\" \t tab ü €"
      - 'it''s'
      - "# not a comment"
      - "- dash"
      - "trailing "
      - " leading"
      - "a: b"
      - "null"
      - "~"
      - "123"
      - "1.5"
      - "true"
      - "{x}"
      - "[x]"
      - "*x"
      - "&x"
      - "!x"
      - "%x"
      - "@x"
      - "\x60x\x60"
      - ""
      - "a #b"
      - "a\nb"
      - "a\nb\n"
      - "\n"
      - "0o7"
      - "0x1f"
      - "12:30:45"
      - "2024-01-01"
      - "=" 
      - "<<"
      - "a very long line that goes on and on and on, past the eightieth column, past the hundredth, and on still, to see whether it is folded"
    labels: {"key: with colon": a, "1": b, "true": c, "ключ": e}
Y
}

check_main "$@"
