#!/bin/sh
set -eu
echo "app: $APP_ENV, database ${DATABASE_URL##*@}, log level $LOG_LEVEL"
echo started >>logs/app.log
exec serve 8000 app/www
