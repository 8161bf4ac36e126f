# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What the scripts over real code bases share: steps that are counted, and a working folder that goes
# away at the end. Sourced, not run: bash, with `keep` set to yes or no.

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
UNLATCH=${UNLATCH:-$top/build/release/bin/unlatch}
UNLATCH=$(realpath -m "$(command -v "$UNLATCH" || echo "$UNLATCH")")
CXX=${CXX:-clang++-22}
JOBS=${JOBS:-$(nproc)}
runtime=$top/runtime/include

passed=0 failed=0
pass() { passed=$((passed + 1)); printf 'pass: %s\n' "$*"; }
fail() { failed=$((failed + 1)); printf 'FAIL: %s\n' "$*"; }
finish() {
  if [ "$keep" = yes ]; then printf 'left in %s\n' "$work"; else rm -rf "$work"; fi
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
  exit
}
give_up() { # MESSAGE [LOG]
  [ $# -lt 2 ] || tail -n 30 "$2"
  fail "$1"
  finish
}
# Runs a step with its output in a file; shows the end of it if the step does not succeed.
try_step() { # NAME COMMAND...
  local name=$1 began=$SECONDS
  shift
  if ("$@") >"$work/log" 2>&1; then
    pass "$name ($((SECONDS - began)) s)"
    return 0
  fi
  tail -n 30 "$work/log"
  fail "$name"
  return 1
}
# The same for what all the rest needs: stops here if it does not succeed.
step() { # NAME COMMAND...
  try_step "$@" || finish
}
needs() { # PROGRAM...
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || give_up "$program is missing"
  done
}

work=$(mktemp -d) || exit 1
work=$(cd "$work" && pwd -P)
trap 'rm -rf "$work"; exit 130' INT TERM
