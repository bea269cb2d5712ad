#!/bin/sh
set -eu
test -r "$MODEL_PATH"
echo "model: $(wc -c <"$MODEL_PATH") bytes, labels: $(wc -l <data/labels.txt), threshold $THRESHOLD, user $(id -u)"
exec serve 8000 src/www
