#!/usr/bin/env bash
# Includes point one way: cmd -> core, cmd -> drivers, drivers -> core. A third-party header appears only
# where docs/ARCHITECTURE.md says so. Prints every include that breaks a rule; exit 1 if there is one.
set -eu
cd "$(dirname "$0")/.."
bad=0
forbid() { # what, pattern of the include, places to look in, places that may
  local hits
  hits=$(grep -rnE "^[[:space:]]*#[[:space:]]*include[[:space:]]+[<\"]$2" $3 --include='*.[ch]' 2>/dev/null | grep -vE "^($4)" || true)
  [ -z "$hits" ] && return
  echo "layers: $1"
  echo "$hits" | sed 's/^/  /'
  bad=1
}
forbid 'core never includes drivers or cmd' '(drivers|cmd)/' core '-'
forbid 'base includes nothing of ours but base' '(core/(json|yaml|schema|load|model|render|plan|exec|loop|driver)|drivers|cmd)' core/base '-'
forbid 'drivers never include cmd' 'cmd/' drivers '-'
forbid 'only core/json uses cJSON' '(cjson|cJSON)' 'core drivers cmd' 'core/json/'
forbid 'only core/yaml uses libyaml' 'yaml\.h' 'core drivers cmd' 'core/yaml/'
forbid 'only core/base/digest.c uses OpenSSL' 'openssl/' 'core drivers cmd' 'core/base/digest\.c'
forbid 'only drivers/docker/http.c uses libcurl' 'curl/' 'core drivers cmd' 'drivers/docker/http\.c'
forbid 'only drivers/docker uses libarchive' 'archive' 'core drivers cmd' 'drivers/docker/'
forbid 'libuv only in core/loop, core/exec, drivers and cmd' 'uv\.h' core 'core/(loop|exec)/'
forbid 'the model and the plan are pure' '(unistd\.h|sys/socket\.h|time\.h|uv\.h)' 'core/model core/plan' '-'
exit $bad
