#!/usr/bin/env bash
# Make what every service needs of the database server, or bring its passwords up to date: a database, a role that works, a role that
# owns the tables, and the extensions that only a superuser may install. Again is harmless.
set -euo pipefail

psql=(psql -v ON_ERROR_STOP=1 --no-psqlrc -qAt)

role() { # NAME PASSWORD
    "${psql[@]}" -d postgres -v name="$1" -v password="$2" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'name') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'name', :'password') \gexec
SQL
}

for service in booking travel gateway; do
    password=${service^^}_DB_PASSWORD
    role "$service" "${!password}"
    role "${service}_owner" "$OWNERS_DB_PASSWORD"
    "${psql[@]}" -d postgres -v name="$service" <<'SQL'
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name' || '_owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SELECT format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', :'name') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', :'name', :'name') \gexec
SQL
    "${psql[@]}" -d "$service" -c 'CREATE EXTENSION IF NOT EXISTS btree_gist'
done
