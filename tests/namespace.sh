# shellcheck shell=sh
# Sourced by checks that make interfaces: all of it runs in a network namespace of its own.

# shellcheck source=tests/checks.sh disable=SC1091
. "${srcdir:-.}/tests/checks.sh"
enter_namespace "${1-}"
