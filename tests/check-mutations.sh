#!/bin/sh
# Captures unchanged, truncated and damaged: see mutate.c. PKTTOP_MUTATIONS is the number of runs.
set -u
[ -n "${PKTTOP_CORPUS-}" ] || { echo "skipped: PKTTOP_CORPUS names no folder of captures"; exit 77; }
exec "$MUTATE" "${PKTTOP_MUTATIONS:-1000}" "$PKTTOP_CORPUS"/*/*.* "$PKTTOP_CORPUS"/*/*/*.*
