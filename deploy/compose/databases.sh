#!/usr/bin/env bash
# Make what every service needs of the database server: database.sql for each that has a password, as BOOKING_DB_PASSWORD is booking's.
set -euo pipefail

export OWNER_PASSWORD=$OWNERS_DB_PASSWORD
for password in $(compgen -e | grep '_DB_PASSWORD$' | grep -v '^OWNERS_'); do
    service=${password%_DB_PASSWORD}
    ROLE_PASSWORD=${!password} psql --no-psqlrc -qAt -d postgres -v service="${service,,}" -f /database.sql
done
