# Every service of Packwalk: `--target service --build-arg SERVICE=booking --build-arg FOLDER=services/booking`,
# and the gateway with the pages that it serves: `--target gateway --build-arg SERVICE=gateway --build-arg FOLDER=gateway`.

FROM node:24-slim AS pages
WORKDIR /pages
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM python:3.11-slim AS packages
WORKDIR /build
COPY launcher/uv.txt ./
RUN --mount=type=cache,target=/root/.cache/pip pip install --require-hashes --no-deps -r uv.txt
COPY deploy/requirements.lock ./
# Linking would need the cache and the environment on one file system.
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN --mount=type=cache,target=/root/.cache/uv \
    python3 -m venv --without-pip /app/.venv && VIRTUAL_ENV=/app/.venv uv pip sync --require-hashes requirements.lock

FROM python:3.11-slim AS service
# Numbers, so that an orchestrator can see that it is not root.
RUN groupadd --gid 10001 packwalk && useradd --uid 10001 --gid 10001 --no-create-home packwalk \
 && install -d -o 10001 -g 10001 -m 700 /keys
WORKDIR /app
COPY --from=packages /app/.venv /app/.venv
COPY contracts contracts
COPY launcher launcher
COPY chassis/src chassis/src
ARG SERVICE
ARG FOLDER
COPY ${FOLDER} ${FOLDER}
ENV PATH=/app/.venv/bin:$PATH PYTHONPATH=/app/chassis/src:/app/${FOLDER}/src PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    SERVICE=${SERVICE} HOST=0.0.0.0 PORT=8000 TMPDIR=/tmp
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=3s --timeout=30s --start-period=300s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=20)"]
# exec: the service is process 1, so that SIGTERM reaches it.
ENTRYPOINT ["sh", "-c", "exec python -m \"$SERVICE\" \"$@\"", "packwalk"]
CMD ["serve"]

FROM service AS gateway
COPY --from=pages /pages/dist /app/pages
ENV FRONTEND_DIR=/app/pages METRICS_HOST=0.0.0.0 METRICS_PORT=9000
EXPOSE 9000
