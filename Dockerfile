# Journal Club in a container: docker build --tag journalclub .
# With the ranker that learns from a club's picks (some 210 MB more unpacked), under a tag of its own:
#   docker build --build-arg EXTRAS=[shortlist] --tag journalclub:shortlist .
# It runs as an unprivileged user (10001), writes to /data alone, and needs no more than `--read-only`.

ARG EXTRAS=

FROM python:3.12-slim AS wheels
ARG EXTRAS
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --only-binary :all: --wheel-dir /wheels --constraint constraints.txt ".${EXTRAS}"

FROM python:3.12-slim
ARG EXTRAS
# The model's client trusts the system's certificates, not a package's; clubs live in time zones.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 journalclub \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin journalclub \
    && install --directory --owner 10001 --group 10001 --mode 700 /data
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels --root-user-action ignore "journalclub${EXTRAS}"

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    JOURNALCLUB_DATA_DIR=/data \
    JOURNALCLUB_WEB__HOST=0.0.0.0
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=20s --retries=3 \
    CMD ["python", "-I", "-m", "adapters.web.liveness_probe"]
ENTRYPOINT ["journalclub"]
CMD ["run"]
