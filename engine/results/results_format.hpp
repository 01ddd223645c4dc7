#pragma once
#include <cstdint>
#include <string_view>

namespace veste {

constexpr std::string_view results_format_name = "veste results";
/// Raised with every change that readers of the file notice; see FORMAT.md.
constexpr std::int64_t results_format_version = 2;

} // namespace veste
