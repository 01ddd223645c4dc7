# Sourced by demo.sh and test.sh: installs what is missing, configures and builds the release preset.
# Debian 12, run as root or with sudo.
packages=(
    build-essential ca-certificates ccache clang-format cmake git ninja-build pkg-config
    doctest-dev libbenchmark-dev libboost-dev libbz2-dev libcairo2-dev libcli11-dev libeigen3-dev
    libexpat1-dev libfmt-dev libgdal-dev libgeos-dev libhdf5-dev libosmium2-dev libprotozero-dev
    librandom123-dev libspdlog-dev libtbb-dev libtomlplusplus-dev libxxhash-dev nlohmann-json3-dev
    zlib1g-dev
    fonts-dejavu-core gdal-bin hdf5-tools python3 python3-gdal python3-h5py python3-numpy
    python3-pandas python3-pytest
)

install_packages() {
    local missing=()
    for package in "${packages[@]}"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    echo "installing: ${missing[*]}"
    local as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
        "${missing[@]}" >/dev/null
}

# build [target ...]: configures once, then builds what has changed.
build() {
    [ -f build/release/build.ninja ] || cmake --preset release
    cmake --build --preset release --target "${@:-all}"
}
