-- Make what a service needs of the database server, or bring its passwords up to date: a role that works, a role that owns the tables,
-- a database that is open to these two alone, and the extensions that only a superuser may install. Again is harmless.
--
-- psql -d postgres -v service=NAME -f database.sql, with ROLE_PASSWORD and OWNER_PASSWORD in the environment: arguments can be read by
-- everybody on the machine.
\set ON_ERROR_STOP on
\getenv password ROLE_PASSWORD
\getenv owner_password OWNER_PASSWORD
\set owner :service _owner

SELECT format('CREATE ROLE %I LOGIN', name) FROM (VALUES (:'service'), (:'owner')) AS wanted (name)
WHERE name NOT IN (SELECT rolname FROM pg_roles) \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'service', :'password') \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'owner', :'owner_password') \gexec

SELECT format('CREATE DATABASE %I OWNER %I', :'service', :'owner')
WHERE :'service' NOT IN (SELECT datname FROM pg_database) \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'service') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', :'service', :'service') \gexec

\connect :service
CREATE EXTENSION IF NOT EXISTS btree_gist;
