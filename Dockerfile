# The web application. Build: docker build -t evergreen .   Run it with compose.yaml, or on any database of yours.
FROM python:3.11-slim-bookworm AS build
ENV UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
RUN pip install --no-cache-dir uv
WORKDIR /app
COPY requirements.lock ./
RUN uv venv /app/.venv && uv pip sync --python /app/.venv/bin/python --require-hashes requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY credit_bank credit_bank
COPY adaptive adaptive
COPY accessibility accessibility
COPY web web
RUN uv pip install --python /app/.venv/bin/python --no-build-isolation --no-deps .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app evergreen
WORKDIR /app
COPY --from=build --chown=root:root /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1
USER evergreen
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/api/v1/status', timeout=4)"]
CMD ["sh", "-c", "credit-bank migrate && exec credit-bank serve --host 0.0.0.0 --port 8000"]
