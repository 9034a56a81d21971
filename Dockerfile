# docker build -t zonecast --build-arg REVISION="$(git rev-parse HEAD)" .
# Where no base image can be pulled, image/build makes the same image from what the host has.

FROM maven:3.9.11-eclipse-temurin-17 AS build
RUN apt-get update && apt-get install -y --no-install-recommends binutils memcached
WORKDIR /source
COPY . .
RUN mvn -B -ntp -q -DskipTests -pl app -am package
# The class archive is an acceleration, and no reason to have no image.
RUN image/contents /image && ln -s /image/opt/zonecast /opt/zonecast && mkdir /archive && \
    { image/archive /archive /opt/zonecast/jre/bin/java && \
      install -m 444 /archive/classes.jsa /image/opt/zonecast || echo "no class archive" >&2; }

# image/build takes this stage as it is, but for where the files come from.
FROM scratch
COPY --from=build /image/ /
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="zonecast" \
      org.opencontainers.image.description="Keeps Memcached equal to a table of shipping zones in Kafka" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
ENV PATH=/opt/zonecast/bin:/usr/bin LANG=C.UTF-8
# By number, so that an orchestrator can tell that it is not root.
USER 10001:10001
# Whether it lives. Where it should be ready, ask it for /readyz (docker-compose.yml).
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/opt/zonecast/bin/zonecast-health"]
ENTRYPOINT ["/opt/zonecast/bin/zonecast"]
CMD ["--help"]
