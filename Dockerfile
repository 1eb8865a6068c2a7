# syntax=docker/dockerfile:1
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=development
RUN make release VERSION="$VERSION" && mkdir -p /out/data && cp bin/sextant /out/sextant

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/sextant /sextant
# The data directory belongs to the user the server runs as.
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
# SQLite's large temporary files: the image has no /tmp.
ENV SQLITE_TMPDIR=/data
ENV SEXTANT_DATA=/data SEXTANT_ADDR=:8080
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/sextant", "health"]
ENTRYPOINT ["/sextant"]
CMD ["serve"]
