#!/usr/bin/env bash
# base-image.sh SOCKET: give the engine behind SOCKET stand-ins for the public images the test projects name.
#
# No registry is needed: each is built FROM scratch out of Debian's static busybox and the few scripts in
# stand-ins/, through the engine's API. They behave as far as the projects look: `pg_isready` and `redis-cli ping`
# tell whether something listens, `pip install` leaves a file per requirement, `serve` is a web server that ends
# on SIGTERM.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
socket=$1
context=$(mktemp -d "${TMPDIR:-/tmp}/mcompose-images.XXXXXX")
trap 'rm -rf "$context"' EXIT

busybox=$(command -v busybox) || {
    echo "base-image.sh: busybox (package busybox-static) is missing" >&2
    exit 1
}

# The root file system all of them share.
make_root() {
    local root=$context/root name
    mkdir -p "$root"/{bin,usr/bin,usr/local/bin,etc,home,var/run,var/tmp,proc,sys,dev}
    mkdir -m 1777 "$root/tmp"
    mkdir -m 700 "$root/root"
    cp "$busybox" "$root/bin/busybox"
    for name in $("$busybox" --list); do
        [ "$name" = busybox ] || ln -s busybox "$root/bin/$name"
    done
    ln -s ../../bin/env "$root/usr/bin/env"
    printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$root/etc/passwd"
    printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
}

# image NAME: build it; the Dockerfile is on standard input.
image() {
    local answer
    cat >"$context/Dockerfile"
    answer=$(tar -C "$context" --owner=0 --group=0 --numeric-owner -c . |
        curl -sS --unix-socket "$socket" -X POST -H 'Content-Type: application/x-tar' --data-binary @- \
            "http://engine/build?t=$1")
    case $answer in
    *'"error"'*)
        printf 'base-image.sh: %s: %s\n' "$1" "$answer" >&2
        exit 1
        ;;
    esac
}

make_root
cp -r "$here/stand-ins" "$context/stand-ins"

image alpine:latest <<'D'
FROM scratch
COPY root/ /
COPY stand-ins/common/ /usr/local/bin/
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["/bin/sh"]
D
image busybox:latest <<'D'
FROM alpine
D
image nginx:latest <<'D'
FROM alpine
COPY stand-ins/nginx/ /
EXPOSE 80
CMD ["nginx", "-g", "daemon off;"]
D
image postgres:16-alpine <<'D'
FROM alpine
COPY stand-ins/postgres/ /usr/local/bin/
ENV PGDATA=/var/lib/postgresql/data
VOLUME /var/lib/postgresql/data
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
D
image redis:7-alpine <<'D'
FROM alpine
COPY stand-ins/redis/ /usr/local/bin/
VOLUME /data
WORKDIR /data
EXPOSE 6379
CMD ["redis-server"]
D
image traefik:v3 <<'D'
FROM alpine
COPY stand-ins/traefik/ /usr/local/bin/
EXPOSE 80
ENTRYPOINT ["traefik"]
D
image ollama/ollama:latest <<'D'
FROM alpine
COPY stand-ins/ollama/ /usr/local/bin/
EXPOSE 11434
ENV OLLAMA_HOST=0.0.0.0:11434
ENTRYPOINT ["ollama"]
CMD ["serve"]
D
image python:3.12-slim <<'D'
FROM alpine
COPY stand-ins/python/ /usr/local/bin/
CMD ["/bin/sh"]
D
