# shellcheck shell=bash
# packages.sh: the engines and the reference docker compose the tests run against, as Debian packages.
#
# What the system has installed is used as it is. What only Debian's unstable suite has (a newer engine, the
# reference docker compose) is downloaded by apt with its signatures checked and unpacked, not installed, below a
# cache directory. Where that cannot be done (another distribution, no network) the functions print nothing and
# fail; the caller then skips.

# The directory that survives between runs.
cache_dir() {
    printf '%s\n' "${XDG_CACHE_HOME:-$HOME/.cache}/mcompose-tests"
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# The Debian mirror this machine uses, as apt knows it.
debian_mirror() {
    if [ -n "${MCOMPOSE_DEBIAN_MIRROR:-}" ]; then
        printf '%s\n' "$MCOMPOSE_DEBIAN_MIRROR"
        return
    fi
    has apt-get || return 1
    apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep -m1 -E '/debian/?$'
}

# unstable_apt DIR ARGS...: apt-get with all of its state below DIR. A mirror that lags, with a suite that is
# formally past its date, is good enough; signatures are checked all the same.
unstable_apt() {
    local d=$1
    shift
    apt-get -o Dir::Etc::sourcelist="$d/sources.list" -o Dir::Etc::sourceparts=- \
        -o Dir::State::Lists="$d/lists" -o Dir::Cache="$d/cache" -o Dir::State::status=/dev/null \
        -o APT::Sandbox::User=root -o Acquire::Check-Valid-Until=false "$@"
}

# unpack_unstable NAME PACKAGE...: unpack the packages into CACHE/NAME; print that directory.
unpack_unstable() {
    local name=$1 mirror dir
    shift
    dir=$(cache_dir)/$name
    if [ ! -e "$dir/.complete" ]; then
        mirror=$(debian_mirror) || return 1
        mkdir -p "$(cache_dir)"
        (
            flock 9
            [ -e "$dir/.complete" ] || fetch_unstable "$dir" "$mirror" "$@"
        ) 9>"$(cache_dir)/lock" || return 1
    fi
    printf '%s\n' "$dir"
}

# fetch_unstable DIR MIRROR PACKAGE...
fetch_unstable() {
    local dir=$1 mirror=$2 apt=$1/.apt deb
    shift 2
    rm -rf "$dir"
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/debs"
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s unstable main\n' "$mirror" \
        >"$apt/sources.list"
    echo "fetching $* of Debian's unstable suite into $dir" >&2
    if ! unstable_apt "$apt" update -qq >"$apt/log" 2>&1 ||
        ! (cd "$apt/debs" && unstable_apt "$apt" download -qq "$@" >>"$apt/log" 2>&1); then
        sed -n '/^[EW]: /{p;q}' "$apt/log" >&2
        return 1
    fi
    for deb in "$apt"/debs/*.deb; do
        dpkg -x "$deb" "$dir" || return 1
    done
    rm -rf "$apt"
    touch "$dir/.complete"
}

# Print the path of the reference docker compose ($MCOMPOSE_ORACLE overrides).
oracle_path() {
    local p
    if [ -n "${MCOMPOSE_ORACLE:-}" ]; then
        printf '%s\n' "$MCOMPOSE_ORACLE"
        return
    fi
    p=$(unpack_unstable oracle docker-compose)/usr/libexec/docker/cli-plugins/docker-compose || return 1
    "$p" version >/dev/null 2>&1 || return 1
    printf '%s\n' "$p"
}

# Print the directory with dockerd and its companions of the unstable suite, if they run here.
unstable_engine_path() {
    local root bin f
    root=$(unpack_unstable engine docker.io containerd runc) || return 1
    bin=$root/bin
    if [ ! -d "$bin" ]; then
        mkdir -p "$bin.new"
        for f in usr/bin/containerd usr/bin/containerd-shim-runc-v2 usr/sbin/dockerd usr/sbin/docker-proxy \
            usr/sbin/runc usr/bin/runc usr/bin/docker-init usr/libexec/docker/docker-init; do
            [ ! -x "$root/$f" ] || ln -sf "../$f" "$bin.new/${f##*/}"
        done
        # runc of unstable may ask for a newer libc than there is: then the system's does as well
        "$bin.new/runc" --version >/dev/null 2>&1 || rm -f "$bin.new/runc"
        mv "$bin.new" "$bin"
    fi
    "$bin/dockerd" --version >/dev/null 2>&1 || return 1
    [ -x "$bin/runc" ] || has runc || return 1
    printf '%s\n' "$bin"
}
