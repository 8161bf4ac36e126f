# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What the scripts share. Sourced, not run: bash, with the top of the project as current folder.

say() { printf '\n== %s\n' "$*"; }

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# How many compilers to run at once: one a processor, but each may want 1.5 GB.
jobs_at_once() {
  local processors memory
  processors=$(nproc 2>/dev/null || echo 2)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1572864) }' /proc/meminfo 2>/dev/null)
  memory=${memory:-$processors}
  [ "$memory" -ge 1 ] || memory=1
  echo $((memory < processors ? memory : processors))
}

# ---------------------------------------------------------------- stages, counted

passed=0
failed=0
summary=()

# took SECONDS -> 1m05s
took() { printf '%dm%02ds' $(($1 / 60)) $(($1 % 60)); }

# A stage that is one test by itself: stage NAME COMMAND...
stage() {
  local name=$1 start=$SECONDS verdict=passed
  shift
  say "$name"
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    verdict=FAILED
  fi
  summary+=("$(printf '%-34s %-40s %s' "$name" "$verdict" "$(took $((SECONDS - start)))")")
  [ "$verdict" = passed ]
}

# A step that others need, counted only if it fails: step NAME COMMAND...
step() {
  stage "$@" || return 1
  passed=$((passed - 1))
}

# ctest, whose own count is what is added: tests NAME CTEST-ARGUMENTS...
tests() {
  local name=$1 start=$SECONDS log status=0 total=0 bad=0 skipped=0 words
  shift
  say "$name"
  log=$(mktemp)
  ctest --no-tests=error "$@" 2>&1 | tee "$log" || status=1
  # "98% tests passed, 2 tests failed out of 94"
  read -r bad total < <(sed -n 's/^.*% tests passed, \([0-9]*\) tests\{0,1\} failed out of \([0-9]*\).*$/\1 \2/p' \
    "$log" | tail -n 1) || true
  skipped=$(grep -c '^ *[0-9][0-9]*/[0-9][0-9]* Test .*\*\*\*Skipped' "$log" || true)
  rm -f "$log"
  bad=${bad:-0}
  total=${total:-0}
  # It ended badly without a failed test: no test at all, or ctest itself was stopped.
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
    bad=1
    total=$((total + 1))
  fi
  passed=$((passed + total - bad - skipped))
  failed=$((failed + bad))
  words="$((total - bad - skipped)) passed, $bad failed"
  [ "$skipped" -eq 0 ] || words="$words, $skipped skipped"
  summary+=("$(printf '%-34s %-40s %s' "$name" "$words" "$(took $((SECONDS - start)))")")
  [ "$bad" -eq 0 ]
}

# The table and the last line; the status says whether anything failed.
finish() {
  printf '\n'
  [ ${#summary[@]} -eq 0 ] || printf '%s\n' "${summary[@]}"
  printf '%-75s %s\n' 'all' "$(took "$SECONDS")"
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}
