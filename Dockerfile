# spacefleet in one image: the dashboard, the workers and the universe are three commands of it.
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml setup.py constraints.txt README.md LICENSE ./
COPY spacefleet spacefleet
COPY fleet fleet
COPY inventory inventory
COPY allocation allocation
COPY sales sales
COPY mining mining
COPY templates templates
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -c constraints.txt .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /data fleet
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SPACEFLEET_HOME=/data \
    BIND=0.0.0.0:8000
USER fleet
WORKDIR /data
VOLUME /data
EXPOSE 8000
# of the dashboard alone: /health/ also speaks of workers, which start after it
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/login/'); raise SystemExit(c.getresponse().status >= 500)"]
CMD ["sh", "-c", "spacefleet migrate --no-input && spacefleet collectstatic --no-input --verbosity 0 && exec gunicorn --worker-class gthread --threads 8 --bind \"$BIND\" spacefleet.wsgi"]
