# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Debian's packages, through a configuration of apt's own that lives and dies with the working folder:
# the system's package lists and what is installed stay as they are. Sourced after steps.sh.

apt_folder=$work/apt
apt() {
  apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$apt_folder/parts" \
    -o Dir::State="$apt_folder/state" -o Dir::State::lists="$apt_folder/lists" \
    -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$apt_folder/cache" \
    -o APT::Sandbox::User=root "$@"
}

# The system's Debian entries, each for sources as well.
add_sources() {
  local file found=1
  mkdir -p "$apt_folder"/{parts,lists/partial,cache/archives/partial,state} || return 1
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] && grep -qE '^Suites:.*\b(bookworm|stable)' "$file" || continue
    sed 's/^Types:.*/Types: deb deb-src/' "$file" >"$apt_folder/parts/$(basename "$file")"
    found=0
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$file" ] && grep -qE '^deb .*debian.*\b(bookworm|stable)\S*\s' "$file" || continue
    grep -E '^deb .*debian.*\b(bookworm|stable)\S*\s' "$file" |
      sed 'p; s/^deb /deb-src /' >"$apt_folder/parts/$(basename "$file")"
    found=0
  done
  return $found
}

# The source of a package with Debian's patches, in the working folder under the package's name.
fetch_source() { # PACKAGE
  cd "$work" && apt source --download-only "$1" && dpkg-source -x ./"$1"_*.dsc "$1"
}
source_version() { # PACKAGE
  sed -n 's/^Version: //p' "$work/$1"_*.dsc | head -n 1
}

# What a source needs, unpacked into a folder of its own and not installed.
fetch_packages() { # FOLDER PACKAGE...
  local folder=$1 debs package
  shift
  debs=$(mktemp -d -p "$work") && mkdir -p "$folder" && cd "$debs" && apt download "$@" || return 1
  for package in ./*.deb; do dpkg-deb -x "$package" "$folder" || return 1; done
}
