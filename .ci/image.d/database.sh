# shellcheck shell=bash
# A throwaway PostgreSQL on this machine. To a container it is database.test, which it has to prove with a certificate, as RDS.

database_password=correct-horse

start_database() {
  local bin as=() folder=$work/database
  bin=${TAPROOM_TEST_POSTGRES_BIN:-$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)}
  [[ -x $bin/initdb ]] || die 'PostgreSQL is missing; get it with apt-get install postgresql'
  mkdir "$folder"
  make_certificates "$folder" 2>/dev/null
  printf %s "$database_password" >"$folder/password"
  # It refuses to run as root.
  if ((EUID == 0)); then
    as=(setpriv --reuid postgres --regid postgres --clear-groups --)
    chown -R postgres: "$folder"
  fi
  database_port=$(free_port)
  (cd "$folder" && "${as[@]}" "$bin/initdb" --username=postgres --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync --pwfile=password -D data >/dev/null)
  "${as[@]}" "$bin/postgres" -D "$folder/data" -p "$database_port" -k "$folder" -c listen_addresses=127.0.0.1 -c fsync=off \
    -c ssl=on -c ssl_cert_file=../server.pem -c ssl_key_file=../server.key >"$folder/log" 2>&1 &
  database=$!
  until "$bin/pg_isready" -q -h 127.0.0.1 -p "$database_port"; do
    kill -0 "$database" 2>/dev/null || die "PostgreSQL does not start: $(tail -5 "$folder/log")"
    sleep 0.1
  done
  PGPASSWORD=$database_password "$bin/createdb" -h 127.0.0.1 -p "$database_port" -U postgres taproom
}

make_certificates() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Throwaway authority' -addext basicConstraints=critical,CA:TRUE \
    -keyout "$1/ca.key" -out "$1/ca.pem"
  openssl req -x509 -CA "$1/ca.pem" -CAkey "$1/ca.key" -newkey rsa:2048 -nodes -days 2 -subj '/CN=database.test' \
    -addext subjectAltName=DNS:database.test -addext basicConstraints=CA:FALSE -keyout "$1/server.key" -out "$1/server.pem"
  chmod 600 "$1/server.key"
}

stop_database() {
  [[ -z ${database:-} ]] || { kill -QUIT "$database" && wait "$database"; } 2>/dev/null || true
}

# log_in USER: leaves in `login` the arguments by which a container is that user of the database
log_in() {
  login=(--volume "$work/database/ca.pem:/ca.pem:ro" --env TAPROOM_DATABASE_CA=/ca.pem --env "TAPROOM_DATABASE_PASSWORD=$database_password"
    --env "TAPROOM_DATABASE_URL=postgres://$1@database.test:$database_port/taproom")
}

# All by the image, as it is done in production.
prepare_database() {
  log_in postgres
  run_confined --rm "${login[@]}" --env "TAPROOM_MIGRATOR_PASSWORD=$database_password" --env "TAPROOM_APP_PASSWORD=$database_password" "$image" roles
  log_in taproom_migrator
  run_confined --rm "${login[@]}" --env TAPROOM_DATABASE_ROLE=taproom_owner "$image" migrate up
  log_in taproom_app
  run_confined --rm "${login[@]}" "$image" seed
}
