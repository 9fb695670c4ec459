#!/bin/sh
# How docker-compose.yml starts a service: `start.sh [--offline-model <url>] <command>`.
set -eu

# Consul hands it out. By address, not by name, since the containers of a scaled service share their name.
addresses=$(hostname -I)
export PARLEY_ADVERTISE_HOST="${addresses%% *}"

if [ "$1" = --offline-model ]; then
  if [ -z "${ANTHROPIC_API_KEY:-}${ANTHROPIC_BASE_URL:-}${OPENAI_API_KEY:-}${OPENAI_BASE_URL:-}${PARLEY_PROVIDERS:-}${PARLEY_PROVIDERS_FILE:-}" ]; then
    echo 'No model provider is configured: the offline model answers (see .env.example).' >&2
    export ANTHROPIC_API_KEY=offline ANTHROPIC_BASE_URL="$2" OPENAI_API_KEY=offline OPENAI_BASE_URL="$2/v1"
  fi
  shift 2
fi

exec "$@"
