#!/bin/sh
# Shell scripts pass shellcheck, and Python scripts compile.
set -u
cd "${srcdir:-.}" || exit 99
command -v shellcheck >/dev/null || { echo "skipped: shellcheck is not installed"; exit 77; }
failed=0
for script in bootstrap .ci/run tests/*.sh web/*.sh; do
	[ -f "$script" ] || continue
	shellcheck "$script" || failed=1
done
if command -v python3 >/dev/null; then
	find tests -name '*.py' -exec python3 -c '
import ast, sys
for name in sys.argv[1:]:
    ast.parse(open(name).read(), name)' {} + || failed=1
fi
exit $failed
