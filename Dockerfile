# The service's image, and with --target hooks or database-roles a Lambda function's program. docs/image.md says how to build it, and why it is as it is.
# Kept to what buildah 1.28 understands: no COPY --link, no heredocs.

FROM node:22.23.3-bookworm-slim AS playground
WORKDIR /playground
COPY api/playground/package.json api/playground/package-lock.json api/playground/.npmrc ./
RUN npm ci
COPY api/playground ./
RUN npm run build && npm run check

FROM node:22.23.3-bookworm-slim AS rds-ca
WORKDIR /rds-ca
COPY codedeploy/rds-ca/package.json codedeploy/rds-ca/package-lock.json codedeploy/rds-ca/.npmrc ./
RUN npm ci
COPY codedeploy/rds-ca ./
RUN node build.mjs dist/rds-ca.pem

# The version is rust-toolchain.toml's.
FROM rust:1.95.0-slim-bookworm AS chef
RUN cargo install cargo-chef --locked --version 0.1.78
# C's library becomes part of the program. Cargo then needs to be given a target, or macros, which the compiler loads, would be static as well.
ENV RUSTFLAGS="-C target-feature=+crt-static"
WORKDIR /taproom

FROM chef AS plan
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

FROM chef AS build
COPY --from=plan /taproom/recipe.json ./
# The flags that SQLite is compiled with.
COPY .cargo .cargo
# C code writes into the program when it was compiled. A fixed time, since cc compiles it anew when this changes, and Cargo then all that is built on it.
RUN SOURCE_DATE_EPOCH=0 cargo chef cook --release --locked --target "$(rustc --print host-tuple)" --package taproom --bin taproom
COPY . .
COPY --from=playground /playground/dist api/playground/dist
ARG TAPROOM_COMMIT=unknown
ARG SOURCE_DATE_EPOCH
RUN export TAPROOM_SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" SOURCE_DATE_EPOCH=0 \
    && cargo build --release --locked --target "$(rustc --print host-tuple)" --package taproom --bin taproom \
    && mv "target/$(rustc --print host-tuple)/release/taproom" /taproom/taproom

FROM scratch AS service
COPY --from=rds-ca /rds-ca/dist/rds-ca.pem /etc/taproom/rds-ca.pem
COPY --from=build /taproom/taproom /taproom
ENV TAPROOM_LISTEN=0.0.0.0:8080 \
    TAPROOM_DATABASE_CA=/etc/taproom/rds-ca.pem
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["/taproom", "healthcheck"]
ENTRYPOINT ["/taproom"]
CMD ["serve"]
ARG TAPROOM_COMMIT=unknown
ARG TAPROOM_VERSION=0.0.0
ARG TAPROOM_CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="Taproom" \
      org.opencontainers.image.description="A beer-catalogue GraphQL API" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${TAPROOM_VERSION}" \
      org.opencontainers.image.revision="${TAPROOM_COMMIT}" \
      org.opencontainers.image.created="${TAPROOM_CREATED}"

FROM chef AS hooks-build
COPY --from=plan /taproom/recipe.json ./
RUN SOURCE_DATE_EPOCH=0 cargo chef cook --release --locked --target "$(rustc --print host-tuple)" --package hooks --bin bootstrap
COPY . .
RUN SOURCE_DATE_EPOCH=0 cargo build --release --locked --target "$(rustc --print host-tuple)" --package hooks --bin bootstrap \
    && mv "target/$(rustc --print host-tuple)/release/bootstrap" /taproom/bootstrap

FROM scratch AS hooks
COPY --from=hooks-build /taproom/bootstrap /bootstrap
USER 65532:65532
ENTRYPOINT ["/bootstrap"]

FROM chef AS database-roles-build
COPY --from=plan /taproom/recipe.json ./
COPY .cargo .cargo
RUN SOURCE_DATE_EPOCH=0 cargo chef cook --release --locked --target "$(rustc --print host-tuple)" --package database-roles --bin database-roles
COPY . .
RUN SOURCE_DATE_EPOCH=0 cargo build --release --locked --target "$(rustc --print host-tuple)" --package database-roles --bin database-roles \
    && mv "target/$(rustc --print host-tuple)/release/database-roles" /taproom/bootstrap

FROM scratch AS database-roles
COPY --from=rds-ca /rds-ca/dist/rds-ca.pem /rds-ca.pem
COPY --from=database-roles-build /taproom/bootstrap /bootstrap
USER 65532:65532
ENTRYPOINT ["/bootstrap"]

# The default. Not the stage itself, for buildah builds all stages before the one that it is asked for.
FROM service
