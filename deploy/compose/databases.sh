#!/usr/bin/env bash
# Make what every service needs of the database server: database.sql for each.
set -euo pipefail

export OWNER_PASSWORD=$OWNERS_DB_PASSWORD
for service in booking travel gateway; do
    password=${service^^}_DB_PASSWORD
    ROLE_PASSWORD=${!password} psql --no-psqlrc -qAt -d postgres -v service="$service" -f /database.sql
done
