# shellcheck shell=bash
# What must hold of the image. A check is a function whose last command decides; `set -e` does not reach into it, hence the `&&`.

failures=0
check() {
  if "$2" >"$work/said" 2>&1; then
    printf 'ok      %s\n' "$1"
  else
    printf 'FAILED  %s\n' "$1"
    sed 's/^/        /' "$work/said"
    failures=$((failures + 1))
  fi
}

check_all() {
  container save --output "$work/image.tar" "$image" >/dev/null 2>&1
  mkdir -p "$work/image" && tar -C "$work/image" -xf "$work/image.tar"
  check 'nothing in it but the program and the authorities of RDS: no shell, no library' files
  check 'a static program, with SQLite compiled as .cargo/config.toml says' program
  check 'entry point, command, user, environment and health check are as written' configuration
  check 'labels name version, commit and time' labels
  check 'no secret in its history or environment' no_secret
  check 'the authorities of RDS: all valid, three for each region' authorities
  check 'refuses to start on 0.0.0.0 without a database, and says why' no_database
  check 'refuses a PostgreSQL that no authority of RDS vouches for' unknown_authority
  start_service service && base=$service
  check 'starts on PostgreSQL over TLS, read-only, as 65532, without capabilities' confined
  check 'answers a query' query
  check 'taproom healthcheck inside says that it is well, and of another port that it is not' healthcheck
  check "/version tells commit $commit and the commit's time" commit_baked_in
  check 'the playground comes from the image and not from a CDN' playground
  check 'names are asked of DNS' dns
  check 'at SIGTERM it finishes what is under way, and ends with 0' drain
}

layers() { jq -r '.[0].Layers[]' "$work/image/manifest.json" | sed "s|^|$work/image/|"; }
inspect() { container image inspect "$image" | jq -e ".[0] | $1"; }
of_service() { container inspect --format "$1" "taproom-$$-service"; }

files() {
  local found
  found=$(layers | xargs -n 1 tar -tf | sed 's|^\./||' | grep -v '/$' | sort | xargs)
  echo "$found" && [[ $found == 'etc/taproom/rds-ca.pem taproom' ]]
}

program() {
  local layer
  for layer in $(layers); do tar -C "$work" -xf "$layer"; done
  readelf --program-headers "$work/taproom" | grep -q DYNAMIC && ! readelf --program-headers "$work/taproom" | grep INTERP \
    && grep -q ENABLE_QPSG "$work/taproom" && [[ $(stat -c '%a %u' "$work/taproom") == '755 0' ]]
}

configuration() {
  inspect '(.Healthcheck // .Config.Healthcheck) as $health | .Config | {Entrypoint, Cmd, User, ExposedPorts, Healthcheck: $health.Test, Env: (.Env | map(select(startswith("PATH=") | not)))} == {
    Entrypoint: ["/taproom"], Cmd: ["serve"], User: "65532:65532", ExposedPorts: {"8080/tcp": {}}, Healthcheck: ["CMD", "/taproom", "healthcheck"],
    Env: ["TAPROOM_LISTEN=0.0.0.0:8080", "TAPROOM_DATABASE_CA=/etc/taproom/rds-ca.pem"]}'
}

labels() {
  inspect '.Config.Labels' && inspect ".Config.Labels | .[\"org.opencontainers.image.version\"] == \"$version\"
    and .[\"org.opencontainers.image.revision\"] == \"$commit\" and .[\"org.opencontainers.image.title\"] == \"Taproom\"
    and (.[\"org.opencontainers.image.created\"] | fromdate) == $epoch"
}

no_secret() {
  local told
  told=$(container history --no-trunc "$image" && inspect .Config.Env)
  echo "$told" | grep -q TAPROOM_COMMIT && ! echo "$told" | grep -iE 'passw|secret|token|credential|[a-z]://[^ ]*@'
}

authorities() {
  local pem=$work/etc/taproom/rds-ca.pem count expired=0
  count=$(grep -c 'BEGIN CERTIFICATE' "$pem")
  csplit --silent --prefix "$work/authority-" "$pem" '/BEGIN CERTIFICATE/' '{*}'
  rm "$work/authority-00"
  for each in "$work"/authority-*; do openssl x509 -in "$each" -noout -checkend 31536000 >/dev/null || expired=$((expired + 1)); done
  echo "$count authorities, $expired expire within a year" && ((count >= 81 && count % 3 == 0 && expired == 0))
}

no_database() {
  local said
  ! said=$(run_confined --rm "$image" 2>&1) && echo "$said" && [[ $said == *'only served on a loopback address, and not on 0.0.0.0:8080'* ]]
}

# The database is right in all but the authority: its own is not given, so that the image's are asked.
unknown_authority() {
  local said
  log_in taproom_app
  ! said=$(run_confined --rm "${login[@]}" --env TAPROOM_DATABASE_CA=/etc/taproom/rds-ca.pem "$image" 2>&1) && echo "$said" && [[ $said == *UnknownIssuer* ]]
}

# start_service NAME ARGUMENT…: the service, ready; leaves its address in `service`
start_service() {
  local name=$1 port
  shift
  port=$(free_port) service=http://127.0.0.1:$port
  log_in taproom_app
  start "$name" "${login[@]}" --env "TAPROOM_LISTEN=0.0.0.0:$port" --env TAPROOM_RATE_LIMIT=0 --env TAPROOM_LOG=warn,taproom::cli=info "$@" "$image"
  for _ in {1..3000}; do
    ! curl -sf -o /dev/null "$service/readyz" || return 0
    sleep 0.01
  done
  container logs "taproom-$$-$name" >&2
  die 'the service does not become ready'
}

confined() {
  local status
  status=$(cat "/proc/$(of_service '{{.State.Pid}}')/status")
  grep -P 'Uid:\t65532\t65532\t65532\t65532' <<<"$status" && grep -P 'CapBnd:\t0{16}' <<<"$status" && [[ $(of_service '{{.HostConfig.ReadonlyRootfs}}') == true ]]
}

query() {
  curl -sf "$base/graphql" -H 'content-type: application/json' -d '{"query": "{ beers(first: 3) { nodes { name brewery { name } } } }"}' \
    | jq -e '.errors == null and (.data.beers.nodes | length) == 3'
}

healthcheck() {
  container exec "taproom-$$-service" /taproom healthcheck && ! container exec "taproom-$$-service" /taproom healthcheck --listen 127.0.0.1:9
}

commit_baked_in() {
  curl -sf "$base/version" | jq -e "., (.commit == \"$commit\" and (.buildTime | fromdate) == $epoch and .version == \"$version\")"
}

playground() {
  local page script
  page=$(curl -sf "$base/" -H 'accept: text/html') && script=$(grep -oE '/playground/vendor/react-[0-9.]+min\.js' <<<"$page") \
    && [[ $page != *cdn.jsdelivr.net* ]] && curl -sf -o /dev/null "$base$script"
}

# C's library, which is part of the program, looks names up by itself, without the files that a distribution has for it.
dns() {
  local server status=0 told
  printf 'nameserver 127.0.0.77\n' >"$work/resolv.conf"
  exec {told}< <(python3 .ci/image.d/dns.py 127.0.0.77)
  server=$!
  read -r -u "$told"
  run_confined --rm --volume "$work/resolv.conf:/etc/resolv.conf:ro" "$image" healthcheck --timeout 10s --url "http://only-in-dns.test:${base##*:}/livez" || status=1
  kill "$server" && return "$status"
}

# The end of the request is sent when the service already says that it is about to stop.
drain() {
  local answer=$work/answer client
  { printf '{"query": "{ beers(first: 1) {'
    until [[ $(curl -s -o /dev/null -w '%{http_code}' "$base/readyz") == 503 ]]; do sleep 0.1; done
    printf ' totalCount } }"}'; } | curl -sN -X POST -T - -H 'content-type: application/json' "$base/graphql" >"$answer" & client=$!
  sleep 1
  container kill --signal TERM "taproom-$$-service" && [[ $(container wait "taproom-$$-service") == 0 ]] && wait "$client" \
    && cat "$answer" && jq -e '.data.beers.totalCount > 0' "$answer"
}
