#!/bin/sh
set -eu
echo "backend: log level $LOG_LEVEL, $WORKERS workers, key of ${#API_KEY} characters"
exec serve 8000 www
