#pragma once
#include <string_view>

namespace veste {

/// The engine's version, "MAJOR.MINOR.PATCH".
std::string_view engine_version();

} // namespace veste
