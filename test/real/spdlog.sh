#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A code base that no one here wrote: the Debian source package of spdlog. Fetches it, configures it
# with its tests, runs `unlatch plan` and `unlatch diff` over all its translation units, and checks
# the outcome. Ends with "N passed, N failed"; the status is 0 if none failed.
set -uo pipefail

usage() {
  cat <<'END_OF_USAGE'
usage: test/real/spdlog.sh [--whole] [--build] [--keep]

  --whole   the header-only tests and the examples too, as Debian builds the package
  --build   compile spdlog's tests as well, and run them
  --keep    leave the working folder, and say where it is

Environment:
  UNLATCH    the tool (default: build/release/bin/unlatch)
  CXX        the compiler (default: clang++-22)
  JOBS       processes at once (default: the number of processors)
  TMPDIR     where the working folder goes

Needs Debian 12 with apt-get, dpkg-source (dpkg-dev), cmake, ninja and a network. Packages are
fetched with apt's own means from the mirrors the system is set up for, and are only unpacked: the
system's package lists and what is installed stay as they are.
END_OF_USAGE
}

whole=OFF build=no keep=no # the first goes to cmake as it is
for argument in "$@"; do
  case "$argument" in
  --whole) whole=ON ;;
  --build) build=yes ;;
  --keep) keep=yes ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 1 ;;
  esac
done

. "$(dirname "$0")/lib/steps.sh"
. "$(dirname "$0")/lib/debian.sh"
needs apt-get dpkg-source dpkg-deb cmake ninja git python3 "$CXX" "$UNLATCH"

# 1. The sources, and what its tests need.

step "entries for sources" add_sources
step "package lists" apt update
step "source package, with Debian's patches" fetch_source spdlog
step "libfmt and catch2" fetch_packages "$work/root" libfmt-dev libfmt9 catch2
version=$(source_version spdlog)

# 2. For C++11, which is what it is written for, and for C++17, where the runtime could be used.

source=$work/spdlog
begin_repository() {
  cd "$source" && git init -q && git add -A -f &&
    git -c user.name=test -c user.email=test@localhost commit -q -m import
}
step "a repository to see changes in" begin_repository

configure() { # STANDARD
  cmake -S "$source" -B "$work/build-$1" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_CXX_STANDARD="$1" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON \
    -DCMAKE_CXX_FLAGS="-isystem $work/root/usr/include" -DCMAKE_PREFIX_PATH="$work/root/usr" \
    -DSPDLOG_FMT_EXTERNAL=ON -DSPDLOG_BUILD_SHARED=OFF -DSPDLOG_BUILD_TESTS=ON \
    -DSPDLOG_BUILD_TESTS_HO=$whole -DSPDLOG_BUILD_EXAMPLE=$whole \
    -DSPDLOG_BUILD_EXAMPLE_HO=$whole &&
    grep -q "std=[a-z+]*$1" "$work/build-$1/compile_commands.json"
}
run_tests() { cd "$work/build-$1" && ctest --output-on-failure; }

examine() { # STANDARD
  local database=$work/build-$1 plan=$work/plan-$1 diff=$work/diff-$1 name=C++$1 began status
  local tool=(-p "$database" "--root=$source" "--runtime-include=$runtime" -j "$JOBS" --quiet)

  step "$name: configured" configure "$1"
  if [ "$build" = yes ]; then
    export LD_LIBRARY_PATH=$work/root/usr/lib/$(uname -m)-linux-gnu
    step "$name: built with its tests" cmake --build "$database" --parallel "$JOBS"
    step "$name: spdlog's own tests" run_tests "$1"
  fi

  began=$SECONDS
  (cd "$source" && "$UNLATCH" plan "${tool[@]}" --format=json >"$plan" 2>"$plan.errors")
  status=$?
  if [ $status -eq 0 ]; then
    pass "$name: plan: exit 0"
  else
    give_up "$name: plan: exit $status" "$plan.errors"
  fi
  printf 'spdlog %s as %s\n' "$version" "$name"
  if python3 "$here/check_spdlog.py" "$plan" "$database/compile_commands.json" \
    $((SECONDS - began)) "$1"; then
    pass "$name: plan: all is parsed; registry::loggers_ stays, for the right reason"
  else
    fail "$name: plan: see above"
  fi

  began=$SECONDS
  (cd "$source" && "$UNLATCH" diff "${tool[@]}" --color=never >"$diff" 2>"$diff.errors")
  status=$?
  if [ $status -eq 0 ]; then
    pass "$name: diff: exit 0 ($((SECONDS - began)) s)"
  else
    give_up "$name: diff: exit $status" "$diff.errors"
  fi
  if [ -z "$(git -C "$source" status --porcelain)" ]; then
    pass "$name: plan and diff change no file"
  else
    fail "$name: plan and diff change files"
  fi
  if [ ! -s "$diff" ]; then
    pass "$name: diff: empty"
    return
  fi

  # In the same folder, so that the compile database holds.
  cat "$diff"
  if git -C "$source" apply --check "$diff" && git -C "$source" apply "$diff"; then
    pass "$name: git apply takes the diff"
  else
    give_up "$name: git apply refuses the diff"
  fi
  step "$name: every translation unit still compiles" \
    python3 "$here/check_syntax.py" "$database/compile_commands.json" "$runtime" "$JOBS"
  git -C "$source" reset -q --hard
}

examine 11
examine 17
finish
