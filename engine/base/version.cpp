#include "base/version.hpp"

namespace veste {

std::string_view engine_version() {
    return VESTE_VERSION;
}

} // namespace veste
