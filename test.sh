#!/usr/bin/env bash
# Sets up a fresh Debian 12 where needed, builds, and runs all tests.
# Arguments go to ctest: ./test.sh -L unit, ./test.sh -R mesh
set -euo pipefail
cd "$(dirname "$0")"
source .ci/setup.sh
install_packages
build
ctest --preset release -j "$(nproc)" "$@"
