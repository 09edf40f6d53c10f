# shellcheck shell=bash
# Figures for docs/image.md.

megabytes() { awk -v bytes="$1" 'BEGIN { printf "%.1f MB", bytes / 1e6 }'; }

measure_size() {
  local layer raw=0 packed=0
  for layer in $(layers); do
    raw=$((raw + $(stat -Lc %s "$layer")))
    packed=$((packed + $(gzip --no-name <"$layer" | wc -c)))
  done
  printf 'size: %s, compressed %s; the program %s, %s without symbols\n' "$(megabytes "$raw")" "$(megabytes "$packed")" \
    "$(megabytes "$(stat -c %s "$work/taproom")")" "$(strip -o "$work/stripped" "$work/taproom" && megabytes "$(stat -c %s "$work/stripped")")"
}

# One's own account starts when the program does; the other with the engine's command, and ends when /readyz has answered.
measure_start() {
  local number since own=() all=()
  for number in {1..11}; do
    since=${EPOCHREALTIME/./}
    start_service "start$number"
    all+=($(((${EPOCHREALTIME/./} - since) / 1000)))
    own+=("$(container logs "taproom-$$-start$number" 2>&1 | jq -r 'select(.message == "serving") | .startup_ms')")
    container rm --force "taproom-$$-start$number" >/dev/null 2>&1
  done
  printf 'start: %s ms from the program to serving, %s ms with the engine to /readyz (least, median of %d)\n' "$(least_and_median "${own[@]}")" \
    "$(least_and_median "${all[@]}")" "${#all[@]}"
}

least_and_median() { printf '%s\n' "$@" | sort -n | awk '{ all[NR] = $1 } END { printf "%.0f, %.0f", all[1], all[int((NR + 1) / 2)] }'; }

measure_memory() {
  local idle process answered requests=5000
  start_service memory
  process=$(container inspect --format '{{.State.Pid}}' "taproom-$$-memory")
  idle=$(resident "$process")
  seq "$requests" | sed "s|.*|url=$service/graphql\noutput=/dev/null|" >"$work/requests"
  answered=$(curl -s --parallel --parallel-max 20 -w '%{http_code}\n' -K "$work/requests" -H 'content-type: application/json' \
    -d '{"query": "{ beers(first: 20) { nodes { name abv brewery { name } style { name } } } }"}' 2>/dev/null | grep -c '^200$')
  printf 'memory: %s resident when idle, %s after %d answers to 20 clients, most %s\n' "$idle" "$(resident "$process")" "$answered" \
    "$(resident "$process" VmHWM)"
}

resident() { awk -v what="${2:-VmRSS}:" '$1 == what { printf "%.1f MiB", $2 / 1024 }' "/proc/$1/status"; }

# A build is as cold as its cache: the first one after the store was removed is a cold one.
measure_builds() {
  local context=$work/context
  mkdir "$context" && git ls-files -z | tar --null -T - -c | tar -C "$context" -x
  seconds build "$context" "$image-again"
  printf 'build: %d s again, nothing changed' "$took"
  echo '// changed' >>"$context/api/src/version.rs"
  seconds build "$context" "$image-again"
  printf '; %d s with one file of api/src changed\n' "$took"
}

compare_builds() {
  seconds build . "$image-again" --no-cache
  printf 'built in %d s\n' "$took"
  check 'it is the same as the one before: files, owners, modes and configuration' same_builds
}

same_builds() {
  identity "$image" >"$work/one" && identity "$image-again" >"$work/other" && grep taproom "$work/one" && diff "$work/one" "$work/other"
}

# Not the layers' digests: a layer that was kept from an earlier build has files of that build's time.
identity() {
  local folder layer
  folder=$(mktemp -d -p "$work") && container save --output "$folder/image.tar" "$1" >/dev/null 2>&1 && mkdir "$folder/root" "$folder/image" \
    && tar -C "$folder/image" -xf "$folder/image.tar" || return 1
  for layer in $(jq -r '.[0].Layers[]' "$folder/image/manifest.json"); do tar -C "$folder/root" -xf "$folder/image/$layer"; done
  (cd "$folder/root" && find . -type f -exec sha256sum {} + -exec stat -c '%n %a %u:%g' {} + | sort)
  container image inspect "$1" | jq '.[0].Config'
}
