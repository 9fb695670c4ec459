-- Makes one service's database and its three roles; running it again changes nothing but the passwords.
--   <database>_owner   owns the tables, runs the migrations
--   <database>_app     serves requests, under row-level security
--   <database>_system  bypasses row-level security: batch writer, relay, inbox, retention
--
-- psql reads it as it is (-v database=… -v owner_password=… -v app_password=… -v system_password=…, as an administrator
-- of the cluster). tools/stack and libs/testing read it too, and know of psql only what is used here: :'name', \gexec after
-- every statement, and \connect.

select format('create role %I', role) from unnest(array[
  :'database' || '_owner', :'database' || '_app', :'database' || '_system']) role
where not exists (select from pg_roles where rolname = role)
\gexec

select format('alter role %I login nosuperuser nocreatedb nocreaterole %s password %L', role, bypass, password) from (values
  (:'database' || '_owner', 'nobypassrls', :'owner_password'),
  (:'database' || '_app', 'nobypassrls', :'app_password'),
  (:'database' || '_system', 'bypassrls', :'system_password')) roles (role, bypass, password)
\gexec

select format('create database %I owner %I', :'database', :'database' || '_owner')
where not exists (select from pg_database where datname = :'database')
\gexec

select format('revoke connect, temporary on database %I from public', :'database')
union all
select format('grant connect on database %I to %I, %I', :'database', :'database' || '_app', :'database' || '_system')
\gexec

\connect :"database"

-- What the owner creates later is granted as it is created; which rows of it the app role sees, row-level security says.
select format(statement, :'database' || '_owner', :'database' || '_app', :'database' || '_system') from (values
  ('grant usage on schema public to %2$I, %3$I'),
  ('alter default privileges for role %1$I in schema public grant select, insert, update, delete on tables to %2$I, %3$I'),
  ('alter default privileges for role %1$I in schema public grant usage on sequences to %2$I, %3$I')) grants (statement)
\gexec
