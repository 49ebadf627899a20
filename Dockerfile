# Front-end files: laid out by node, which the running image does not hold.
FROM node:22-bookworm-slim AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 \
    STATE_DIR=/state STATIC_ROOT=/app/staticfiles DJANGO_SETTINGS_MODULE=ningde_projects.settings.production
RUN useradd --system --uid 10001 --home-dir /state --create-home nd
WORKDIR /app
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt
COPY . .
COPY --from=front /app/node_modules/@tabler /app/node_modules/@tabler
COPY --from=front /app/node_modules/echarts/dist/echarts.min.js /app/node_modules/echarts/dist/
# Building needs settings, but neither a database nor a secret that anyone will use.
RUN python -m ops.assets && python -m ops.messages compile \
 && DJANGO_SETTINGS_MODULE=ningde_projects.settings.local SECRET_KEY=only-while-building-this-image-0123456789 \
    DATABASE_URL=postgresql://nd_app@127.0.0.1/ningde REDIS_URL=redis://127.0.0.1 \
    python manage.py collectstatic --noinput --verbosity 0
USER nd
VOLUME /state
EXPOSE 8000
CMD ["gunicorn", "ningde_projects.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "4", "--no-control-socket", "--max-requests", "1000", "--max-requests-jitter", "100", \
     "--graceful-timeout", "20", "--worker-tmp-dir", "/dev/shm"]
