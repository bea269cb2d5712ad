#!/bin/sh
# The chat: tells its configuration and serves its page.
set -eu
. app/lib/config.sh
echo "chat $APP_VERSION: models at $OLLAMA_BASE_URL, log level $LOG_LEVEL${1:+, $1}"
echo "history limit: $(setting HISTORY_LIMIT)"
exec serve 8501 app/www
