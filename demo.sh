#!/usr/bin/env bash
# Sets up a fresh Debian 12 where needed, builds, and runs the demo: an evening event at a harbour, once as
# planned and once with a cloudburst, a closed street, a power cut and a dead crowd counter. Everything it
# makes is left in out/.
set -euo pipefail
cd "$(dirname "$0")"
source .ci/setup.sh
install_packages
build veste
veste=build/release/bin/veste
mkdir -p out
"$veste" city build data/monaco/city.toml -o out/city.h5 --map out/city.png
base=scenarios/harbour_evening/scenario.toml
whatif=scenarios/harbour_evening_whatif/scenario.toml
"$veste" check "$base" --city out/city.h5
"$veste" check "$whatif" --city out/city.h5
"$veste" run "$base" --city out/city.h5 -o out/base.h5
"$veste" run "$whatif" --city out/city.h5 -o out/whatif.h5
"$veste" compare out/base.h5 out/whatif.h5 --csv out/comparison.csv --png out/comparison.png |
    tee out/comparison.txt
"$veste" map out/base.h5 --city out/city.h5 -o out/base_worst_minute.png
"$veste" map out/whatif.h5 --city out/city.h5 -o out/whatif_worst_minute.png
echo "left in out/: city.h5 city.png base.h5 whatif.h5 comparison.{txt,csv,png} *_worst_minute.png"
