#!/bin/sh
# Makes or upgrades the two databases. Repeatable: "create" and "setup-schema" fail on what exists and leave it alone.
set -eu

sql() {
  database=$1
  shift
  temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_SEEDS" -p "$DB_PORT" -u "$POSTGRES_USER" --db "$database" "$@"
}

upgrade() {
  sql "$1" create || true
  sql "$1" setup-schema -v 0.0 || true
  sql "$1" update-schema -d "/etc/temporal/schema/postgresql/v12/$2/versioned"
}

upgrade temporal temporal
upgrade temporal_visibility visibility
