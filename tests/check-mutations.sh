#!/bin/sh
# Captures as they are, cut short and damaged: see mutate.c.  PKTTOP_MUTATIONS says how many times.
set -u
[ -n "${PKTTOP_CORPUS-}" ] || { echo "skipped: PKTTOP_CORPUS names no folder of captures"; exit 77; }
exec "$MUTATE" "${PKTTOP_MUTATIONS:-1000}" "$PKTTOP_CORPUS"/*/*.* "$PKTTOP_CORPUS"/*/*/*.*
