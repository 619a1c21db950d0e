#!/bin/sh
# The namespace, with a week of closed workflows, and the search attributes of the workflows.
set -eu

temporal operator namespace describe -n "$DEFAULT_NAMESPACE" --address "$TEMPORAL_ADDRESS" >/dev/null 2>&1 ||
  temporal operator namespace create -n "$DEFAULT_NAMESPACE" --retention 7d --address "$TEMPORAL_ADDRESS"

for attribute in SessionId UserId ModelMode; do
  temporal operator search-attribute create --name "$attribute" --type Keyword -n "$DEFAULT_NAMESPACE" --address "$TEMPORAL_ADDRESS" || true
done
