# Read by the other scripts: how they speak, fail, and find their tools.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
name=$(basename "$0")
export MLSD_JOBS=${MLSD_JOBS:-$(nproc 2>/dev/null || echo 2)}

say() { printf '%s: %s\n' "$name" "$*"; }

# Fails with one sentence.
fail() {
  printf '%s: %s\n' "$name" "$*" >&2
  exit 1
}

# is_at_least 12.2.0 12: whether the first version is not below the second.
is_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

version_of() { "$1" --version 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1; }

# The first of the given programs that is there and not older than the first argument.
first_at_least() {
  local oldest=$1 program version
  shift
  for program in "$@"; do
    command -v "$program" >/dev/null || continue
    version=$(version_of "$program") || continue
    if is_at_least "$version" "$oldest"; then
      printf '%s' "$program"
      return 0
    fi
  done
  return 1
}

# Whether a compiler builds a program under the given flags; the program is read from the standard input.
builds() {
  local scratch good=0
  scratch=$(mktemp -d)
  "$@" -x c++ - -o "$scratch/a" >/dev/null 2>&1 || good=1
  rm -rf "$scratch"
  return $good
}

find_cmake() { first_at_least 3.24 cmake; }

find_gcc() {
  local compiler
  compiler=$(first_at_least 12 g++ g++-{12,13,14,15,16}) && echo '#include <span>' | builds "$compiler" -std=c++20 -c &&
    printf '%s' "$compiler"
}

# Clang 16 before all others, being the oldest that is promised; with the sanitizers' libraries.
find_clang() {
  local compiler
  for compiler in clang++-{16,17,18,19,20,21,22} clang++; do
    compiler=$(first_at_least 16 "$compiler") || continue
    if echo '#include <span>
int main() {}' | builds "$compiler" -std=c++20 -fsanitize=address,undefined; then
      printf '%s' "$compiler"
      return 0
    fi
  done
  return 1
}
