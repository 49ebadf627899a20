#!/usr/bin/env bash
# Run once by the database's image in an empty data folder: the product's three roles and its database.
# nd_owner owns the tables and migrates; nd_app runs the product and owns nothing; nd_audit only reads.
set -euo pipefail
psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
  --set owner="$ND_OWNER_PASSWORD" --set app="$ND_APP_PASSWORD" --set audit="$ND_AUDIT_PASSWORD" <<'SQL'
CREATE ROLE nd_owner LOGIN PASSWORD :'owner';
CREATE ROLE nd_app LOGIN PASSWORD :'app';
CREATE ROLE nd_audit LOGIN PASSWORD :'audit';
CREATE DATABASE ningde OWNER nd_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE CONNECT ON DATABASE ningde FROM PUBLIC;
GRANT CONNECT ON DATABASE ningde TO nd_app, nd_audit;
\connect ningde
ALTER DEFAULT PRIVILEGES FOR ROLE nd_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO nd_app;
ALTER DEFAULT PRIVILEGES FOR ROLE nd_owner GRANT USAGE, SELECT ON SEQUENCES TO nd_app;
ALTER DEFAULT PRIVILEGES FOR ROLE nd_owner GRANT SELECT ON TABLES TO nd_audit;
SQL
