#!/usr/bin/env bash
# init.sh DIR: process 1 of a private engine, inside its own pid, mount and network namespaces.
#
# When it ends the kernel kills everything else in the namespace and drops the mounts and the network, so an
# engine leaves only its directory and its cgroups behind. Those are engine.sh's to remove.
set -eu
dir=$1

ip link set lo up
# A containerd of the system must not be used, nor may our shims leave sockets behind.
mkdir -p /run/containerd
mount -t tmpfs -o mode=711 none /run/containerd

echo '{}' >"$dir/daemon.json"
dockerd --config-file "$dir/daemon.json" --data-root "$dir/data" --exec-root "$dir/exec" -p "$dir/dockerd.pid" \
    -H "unix://$dir/docker.sock" --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$(cat "$dir/cgroup")" \
    --insecure-registry 127.0.0.0/8 >"$dir/log" 2>&1 &
pid=$!
trap 'kill "$pid"' TERM INT
while kill -0 "$pid" 2>/dev/null; do
    wait "$pid" || true
done
