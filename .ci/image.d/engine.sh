# shellcheck shell=bash
# The container engine: `container` is Docker or podman, `build` makes an image.

choose_engine() {
  if docker info >/dev/null 2>&1; then
    engine=docker run_options=()
    return
  fi
  local tool
  for tool in buildah podman runc; do
    command -v "$tool" >/dev/null || die "no Docker answers, and $tool is missing; get it with apt-get install buildah podman runc"
  done
  engine=podman
  # A container may not have more open files than we may, and podman would ask for a million. It has systemd look after health checks.
  run_options=(--ulimit host --no-healthcheck)
  export CONTAINERS_CONF=$work/containers.conf
  cat >"$CONTAINERS_CONF" <<'TOML'
[containers]
default_ulimits = []
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
TOML
  local store=${TAPROOM_IMAGE_STORE:-/var/tmp/taproom-image} driver=overlay
  mkdir -p "$store"
  podman --root "$store/overlay" --runroot "$store/run" --storage-driver overlay info >/dev/null 2>&1 || driver=vfs
  storage=(--root "$store/$driver" --runroot "$store/run" --storage-driver "$driver")
  # How this machine reaches the registries of packages, for as long as a command runs: nothing of it is in an image.
  mounts=()
  mount_file "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" /etc/ssl/certs/ca-certificates.crt
  local home=~
  mount_file "${CARGO_HOME:-$home/.cargo}/config.toml" /usr/local/cargo/config.toml
  # In the base image npm's user is root.
  mount_file "$home/.npmrc" /root/.npmrc
}

# mount_file FILE PATH: while building, FILE of this machine, if there is one, is at PATH
mount_file() {
  [[ ! -f $1 ]] || mounts+=(--volume "$(realpath "$1"):$2:ro")
}

container() {
  if [[ $engine == docker ]]; then docker "$@"; else podman "${storage[@]}" "$@"; fi
}

# build CONTEXT TAG ARGUMENT…
build() {
  local context=$1 tag=$2
  shift 2
  local arguments=(--target service --tag "$tag" --build-arg "TAPROOM_COMMIT=$commit" --build-arg "SOURCE_DATE_EPOCH=$epoch"
    --build-arg "TAPROOM_VERSION=$version" --build-arg "TAPROOM_CREATED=$(date --utc --date "@$epoch" +%FT%TZ)" "$@")
  if [[ $engine == docker ]]; then
    docker build "${arguments[@]}" "$context"
  else
    # The format is Docker's because OCI's has no health check.
    buildah "${storage[@]}" bud --isolation chroot --pull-never --layers --format docker --timestamp "$epoch" "${mounts[@]}" "${arguments[@]}" "$context"
  fi
}

started=()
# run_confined ARGUMENT…: as in production: no capability, nothing to write to
run_confined() {
  container run --network host --add-host database.test:127.0.0.1 "${run_options[@]}" --read-only --cap-drop ALL --security-opt no-new-privileges "$@"
}

# start NAME ARGUMENT…: likewise, in the background
start() {
  local name=taproom-$$-$1
  shift
  started+=("$name")
  run_confined --detach --name "$name" "$@" >/dev/null
}

remove_containers() {
  ((${#started[@]} == 0)) || container rm --force "${started[@]}" >/dev/null 2>&1 || true
  started=()
}
