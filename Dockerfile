# The image of a node: hub, city or industry, by its settings. Nothing is compiled in it, nothing
# runs as root, and it writes to /data only.
#
#   docker build --build-arg VERSION=0.1.0 --build-arg REVISION=$(git rev-parse HEAD) -t cityspace:0.1.0 .

ARG PYTHON=python:3.11.14-slim-bookworm@sha256:65a93d69fa75478d554f4ad27c85c1e69fa184956261b4301ebaf6dbb0a3543d

FROM ${PYTHON} AS build
WORKDIR /source
COPY . .
# A dependency without a wheel would need a compiler, and is refused.
RUN python -m venv --without-pip /opt/cityspace \
    && python -m pip --python /opt/cityspace/bin/python install \
        --no-cache-dir --disable-pip-version-check --only-binary=:all: .

FROM ${PYTHON}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="CitySpace" \
      org.opencontainers.image.description="A city's trusted data space (城市可信数据空间)" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

RUN python -m pip uninstall --yes --quiet --root-user-action=ignore pip setuptools wheel \
    && groupadd --gid 10001 cityspace \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin \
        cityspace \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/cityspace /opt/cityspace

ENV PATH=/opt/cityspace/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CITYSPACE_HOST=0.0.0.0 \
    CITYSPACE_PORT=8000 \
    CITYSPACE_DATA=/data \
    CITYSPACE_LOG_FORMAT=json

USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
ENTRYPOINT ["cityspace"]
CMD ["serve"]
