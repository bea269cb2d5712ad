#!/bin/sh
# The "test suite": is the database there?
set -eu
test "$APP_ENV" = test
test "$(nc -w 2 postgres 5432 </dev/null)" = ready
echo "2 passed"
