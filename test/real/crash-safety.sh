#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Code bases that no one here wrote: no crash, no hang. Fetches Debian source packages, configures
# them, runs `unlatch plan` over all their translation units with their tests, and checks how it ends and
# what it says of a few fields that people have looked at. Ends with "N passed, N failed"; the status
# is 0 if none failed.
set -uo pipefail

all=(unlatch spdlog fmtlib prometheus-cpp zeromq3 capnproto protobuf poco)

usage() {
  cat <<END_OF_USAGE
usage: test/real/crash-safety.sh [--keep] [PACKAGE...]

Packages, all of them by default ("unlatch" is this very project, as built in build/release with its
tests, which generate sources):
  ${all[*]}

  --keep    leave the working folder, and say where it is

Environment:
  UNLATCH    the tool (default: build/release/bin/unlatch)
  CXX        the compiler (default: clang++-22)
  JOBS       processes at once (default: the number of processors)
  MINUTES    what one package may take before it counts as hanging (default: 90)
  TMPDIR     where the working folder goes

Needs Debian 12 with apt-get, dpkg-source (dpkg-dev), cmake, ninja and a network. Packages are
fetched with apt's own means from the mirrors the system is set up for, and are only unpacked: the
system's package lists and what is installed stay as they are. All packages together take about half an
hour on two processors.
END_OF_USAGE
}

keep=no
wanted=()
for argument in "$@"; do
  case " ${all[*]} " in
  *" $argument "*) wanted+=("$argument") ;;
  *)
    case "$argument" in
    --keep) keep=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 1 ;;
    esac
    ;;
  esac
done
[ ${#wanted[@]} -gt 0 ] || wanted=("${all[@]}")

. "$(dirname "$0")/lib/steps.sh"
. "$(dirname "$0")/lib/debian.sh"
needs apt-get dpkg-source dpkg-deb cmake ninja python3 timeout "$CXX" "$UNLATCH"
minutes=${MINUTES:-90}

# 1. What each package needs besides itself, and how it is configured: with its tests, as C++17, which
# is the least that the runtime can be used with.

needed_packages() { # PACKAGE
  case "$1" in
  spdlog) echo libfmt-dev libfmt9 catch2 ;;
  fmtlib) ;; # its tests take what is in /usr/src/googletest
  prometheus-cpp)
    echo civetweb libcivetweb-dev libcivetweb1 libcurl4-openssl-dev libcurl4 zlib1g-dev zlib1g \
      googletest libgtest-dev libgmock-dev libbenchmark-dev libbenchmark1debian
    ;;
  zeromq3) ;;
  capnproto) echo capnproto libcapnp-0.9.2 libssl-dev libssl3 zlib1g-dev zlib1g ;;
  protobuf)
    echo protobuf-compiler libprotoc32 libprotobuf32 zlib1g-dev zlib1g \
      googletest libgtest-dev libgmock-dev
    ;;
  poco)
    echo libexpat1-dev libexpat1 libpcre3-dev libpcre3 libsqlite3-dev libsqlite3-0 \
      libssl-dev libssl3 zlib1g-dev zlib1g
    ;;
  esac
}

options() { # PACKAGE ROOT
  case "$1" in
  spdlog)
    echo -DSPDLOG_FMT_EXTERNAL=ON -DSPDLOG_BUILD_TESTS=ON -DSPDLOG_BUILD_TESTS_HO=ON \
      -DSPDLOG_BUILD_EXAMPLE=ON -DSPDLOG_BUILD_EXAMPLE_HO=ON
    ;;
  fmtlib) echo -DFMT_DOC=OFF -DFMT_FUZZ=ON ;;
  prometheus-cpp)
    echo -DUSE_THIRDPARTY_LIBRARIES=OFF -DOVERRIDE_CXX_STANDARD_FLAGS=OFF -DENABLE_TESTING=ON
    ;;
  zeromq3) echo -DWITH_DOC=OFF -DENABLE_DRAFTS=ON -DBUILD_TESTS=ON ;;
  capnproto) echo -DEXTERNAL_CAPNP=ON ;;
  protobuf)
    echo -Dprotobuf_BUILD_PROTOC_BINARIES=OFF "-DWITH_PROTOC=$2/usr/bin/protoc" \
      -Dprotobuf_BUILD_TESTS=ON -Dprotobuf_USE_EXTERNAL_GTEST=ON
    ;;
  poco) echo -DPOCO_UNBUNDLED=ON -DENABLE_TESTS=ON ;;
  esac
}

# The programs that generate code come from Debian's packages as well, so that nothing is built.
use_root() { # ROOT
  export PATH=$1/usr/bin:$PATH
  LD_LIBRARY_PATH=$1/usr/lib/$(uname -m)-linux-gnu
  export LD_LIBRARY_PATH
}

configure() { # PACKAGE SOURCE
  local given root=$work/root-$1
  read -ra given < <(options "$1" "$root")
  use_root "$root"
  cmake -S "$2" -B "$work/build-$1" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_COMPILER="${CXX/clang++/clang}" -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_CXX_STANDARD=17 \
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_PREFIX_PATH="$root/usr" \
    -DCMAKE_CXX_FLAGS="-isystem $root/usr/include" "${given[@]}" &&
    python3 "$here/lib/raise_standard.py" "$work/build-$1/compile_commands.json"
}

# Sources that are generated: only the generators are run, not all that they wait for in the build.
generate() { # PACKAGE PATTERN
  local build=$work/build-$1 targets
  use_root "$work/root-$1"
  mapfile -t targets < <(ninja -C "$build" -t targets all | sed -n "s|^\(/.*\): CUSTOM_COMMAND\$|\1|p" |
    grep -E '\.(pb\.cc|capnp\.h)$')
  [ ${#targets[@]} -gt 0 ] &&
    ninja -C "$build" -t commands "${targets[@]}" | grep -F -e "$2" >"$work/generators" &&
    sh -e "$work/generators"
}

prepare() { # PACKAGE
  local needed
  try_step "$1: source package, with Debian's patches" fetch_source "$1" || return
  read -ra needed < <(needed_packages "$1")
  [ ${#needed[@]} -eq 0 ] ||
    try_step "$1: what it needs" fetch_packages "$work/root-$1" "${needed[@]}" || return
  try_step "$1: configured" configure "$1" "$work/$1" || return
  case "$1" in
  protobuf) try_step "$1: generated sources" generate "$1" --cpp_out || return ;;
  capnproto) try_step "$1: generated sources" generate "$1" 'capnp compile' || return ;;
  esac
}

# 2. The plan: how it ends, and what it says.

examine() { # PACKAGE
  local name=$1 source=$work/$1 database=$work/build-$1 version='' began status
  local plan=$work/plan-$1
  if [ "$name" = unlatch ]; then
    source=$top database=$top/build/release
  else
    prepare "$name" || return
    version=" $(source_version "$name")"
  fi

  began=$SECONDS
  (cd "$source" && timeout --kill-after=30 "$((minutes * 60))" "$UNLATCH" plan \
    -p "$database" "--root=$source" "--runtime-include=$runtime" -j "$JOBS" --quiet \
    --format=json >"$plan" 2>"$plan.errors")
  status=$?
  case $status in
  124 | 137) fail "$name: plan: not finished after $minutes minutes"; return ;;
  0 | 3) ;;
  *)
    tail -n 30 "$plan.errors"
    fail "$name: plan: exit $status"
    return
    ;;
  esac
  printf '%s%s\n' "$name" "$version"
  if python3 "$here/check_crash_safety.py" "$name" "$plan" "$plan.errors" "$status" \
    $((SECONDS - began)); then
    pass "$name: plan: no crash; what is expected"
  else
    fail "$name: plan: see above"
  fi
}

if [ "${wanted[*]}" != unlatch ]; then
  step "entries for sources" add_sources
  step "package lists" apt update
fi
for one in "${wanted[@]}"; do examine "$one"; done
finish
