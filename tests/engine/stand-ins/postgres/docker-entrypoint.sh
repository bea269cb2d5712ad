#!/bin/sh
# Refuses to start without a password, as the real one does.
set -eu
[ "$1" = postgres ] || exec "$@"
if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then
    POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
fi
if [ -z "${POSTGRES_PASSWORD:-}" ]; then
    echo "Error: Database is uninitialized and superuser password is not specified." >&2
    exit 1
fi
mkdir -p "$PGDATA"
echo 16 >"$PGDATA/PG_VERSION"
echo "database system is ready to accept connections"
exec listen 5432 ready
