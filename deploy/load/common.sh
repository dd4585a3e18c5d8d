# What the measurements share: finding a JDK, starting the server in a directory of its own, and arithmetic. Sourced.
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/aval-load.XXXXXX")
port=18080
tomorrow=$(date -u -d tomorrow +%Y-%m-%dT%H:%M:%SZ)
export AVAL_DATA=$work/data
pids=()

say() { printf '%s\n' "$*" >&2; }
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  [ -f "$work/nginx.pid" ] && kill "$(cat "$work/nginx.pid")" 2>/dev/null || true
  wait 2>/dev/null || true
  [ -n "${KEEP:-}" ] && say "Kept: $work" || rm -rf "$work"
}
trap finish EXIT
need() { command -v "$1" >/dev/null || { say "Missing: $1 (Debian: $2)"; exit 1; }; }

java_21() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    [ -x "$home/bin/java" ] || continue
    [ "$("$home/bin/java" -version 2>&1 | sed -nE '1s/.*"([0-9]+).*/\1/p')" -ge 21 ] && { echo "$home/bin/java"; return; }
  done
  say "A JDK of 21 or newer is needed"; exit 1
}
java=$(java_21)
median() { sort -n | awk '{v[NR]=$1} END {print NR % 2 ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2}'; }
declare -A samples
sample() { samples[$1]+="$2 "; say "  $1: $2"; }
middle() { tr ' ' '\n' <<< "${samples[$1]}" | grep . | median; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a / b}'; }
divide() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.0f", a / b}'; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN {printf "%.3f", b - a}'; }

build() {
  say "Building ..."
  (cd "$root" && ./mvnw -q -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true package)
}
start_aval() {
  "$java" ${JAVA_OPTIONS:--Xmx320m -XX:+UseParallelGC} --enable-native-access=ALL-UNNAMED -jar "$root"/api/target/api-*.jar \
    "--server.port=$port" > "$work/aval.log" 2>&1 &
  aval=$!
  pids+=($aval)
  for _ in $(seq 120); do
    curl -fs "http://127.0.0.1:$port/actuator/health/readiness" >/dev/null && return
    sleep 1
  done
  tail -50 "$work/aval.log" >&2; say "The server did not start"; exit 1
}
use_aval() { # its key, and its PostgreSQL with a database for pgbench
  # shellcheck disable=SC1091
  . "$AVAL_DATA/demo.env"
  export AVAL_API_KEY
  pg_password=$(cat "$AVAL_DATA/postgres/passwords/postgres")
  pg_port=$(sed -n 4p "$AVAL_DATA/postgres/cluster/postmaster.pid")
  sql -d postgres -c 'create database load' >/dev/null
  sql -d load -f "$here/pgbench/schema.sql" >/dev/null
  # one client is many here
  sql -d aval -c 'update aval.api_key set requests_per_second = 100000' >/dev/null
}
sql() { PGPASSWORD=$pg_password psql -qAtX -h 127.0.0.1 -p "$pg_port" -U postgres "$@"; }
bench() { # clients, script
  PGPASSWORD=$pg_password pgbench -n -M prepared -c "$1" -j 2 -T "$seconds" -f "$2" -h 127.0.0.1 -p "$pg_port" -U postgres load \
    2>/dev/null | sed -nE 's/^tps = ([0-9]+).*/\1/p'
}
load() { # script, connections, later
  local result
  result=$(SEND_AT=$3 wrk -t2 -c"$2" -d"${seconds}s" --timeout 10s -s "$here/wrk/$1.lua" "http://127.0.0.1:$port" | grep '^RESULT')
  [ "$(field "$result" errors)" = 0 ] || say "  Not all were taken: $result"
  echo "$result"
}
field() { sed -nE "s/.* $2=([0-9.]+).*/\1/p" <<< "$1"; }
