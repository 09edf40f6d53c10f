# shellcheck shell=bash
# Base images for a machine that reaches no registry of images: the installed toolchain, and the installed Node, in a Debian.

provide_bases() {
  local base bases name
  mapfile -t bases < <(sed -nE 's/^FROM ([a-z]+:[^ ]+).*/\1/p' Dockerfile | sort -u)
  for base in "${bases[@]}"; do
    name=docker.io/library/$base
    if container image exists "$name" || container pull --quiet "$name" >/dev/null 2>&1; then continue; fi
    debian_root
    case $base in
      rust:*) stand_in_for_rust "$base" ;;
      node:*) stand_in_for_node "$base" ;;
      *) die "$base cannot be pulled, and there is no stand-in for it in .ci/image.d/bases.sh" ;;
    esac
  done
}

debian_root() {
  [[ ! -d $work/debian ]] || return 0
  command -v debootstrap >/dev/null || die 'no registry of images can be reached, and debootstrap is missing; get it with apt-get install debootstrap'
  say 'base images cannot be pulled: a Debian for stand-ins'
  seconds debootstrap --variant=minbase --include=ca-certificates,gcc,libc6-dev bookworm "$work/debian"
  printf 'in %d s\n' "$took"
}

stand_in_for_rust() {
  local sysroot folder
  sysroot=$(rustc --print sysroot)
  [[ $1 == rust:$(rustc --version | cut -d ' ' -f 2)-* ]] || die "$1 is not the installed $(rustc --version)"
  cp -a "$work/debian" "$work/rust"
  mkdir -p "$work/rust/usr/local/cargo"
  for folder in bin lib libexec; do
    cp -a "$sysroot/$folder/." "$work/rust/usr/local/$folder/"
  done
  import "$work/rust" "$1" 'ENV CARGO_HOME=/usr/local/cargo' 'ENV PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
}

stand_in_for_node() {
  local node modules
  node=$(node -p process.execPath)
  modules=$(npm root --global 2>/dev/null)
  cp -a "$work/debian" "$work/node"
  mkdir -p "$work/node/usr/local/lib/node_modules"
  cp "$node" "$work/node/usr/local/bin/node"
  cp -a "$modules/npm" "$work/node/usr/local/lib/node_modules/"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/node/usr/local/bin/npm"
  # Unlike everybody else, Node does not ask the system whom to trust.
  import "$work/node" "$1" 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  printf 'with Node %s\n' "$("$node" --version)"
}

# import FOLDER IMAGE INSTRUCTION…
import() {
  local folder=$1 name=docker.io/library/$2 change=()
  shift 2
  for instruction in "$@"; do change+=(--change "$instruction"); done
  tar -C "$folder" -c . | container import "${change[@]}" - "$name" >/dev/null 2>&1
  rm -rf "$folder"
  printf 'stand-in for %s\n' "$name"
}
