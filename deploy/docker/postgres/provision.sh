#!/bin/sh
# Makes the databases and roles of the services named in PARLEY_SERVICES (default: all), by provision.sql beside it.
# Runs beside the cluster that PGHOST, PGPASSWORD, … name, as often as one likes: docker-compose.yml does so at each start.
# The password of a role comes from the file /run/secrets/parley_<service>_<role>, else from the variable
# PARLEY_<SERVICE>_<ROLE>_PASSWORD.
set -eu

password() { # service role
  file="${PARLEY_SECRETS_DIR:-/run/secrets}/parley_$1_$2"
  if [ -f "$file" ]; then
    cat "$file"
    return
  fi
  name="PARLEY_$(echo "$1_$2" | tr '[:lower:]' '[:upper:]')_PASSWORD"
  eval "value=\${$name:-}"
  [ -n "$value" ] || { echo "provision: neither $file nor $name gives the password of parley_$1_$2" >&2; exit 78; }
  echo "$value"
}

for name in ${PARLEY_SERVICES:-gateway auth sessions experts mcp-hub analytics}; do
  # As PostgreSQL and the shell like their names.
  service=$(echo "$name" | tr - _)
  owner=$(password "$service" owner)
  app=$(password "$service" app)
  system=$(password "$service" system)
  # The values go in by standard input: arguments of a process can be read by every account of the machine.
  {
    printf "\\\\set database 'parley_%s'\n" "$service"
    printf "\\\\set owner_password '%s'\n\\\\set app_password '%s'\n\\\\set system_password '%s'\n" "$owner" "$app" "$system"
    printf "\\\\i %s\n" "$(dirname "$0")/provision.sql"
  } | psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres
done
