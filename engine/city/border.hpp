#pragma once
#include "city/city.hpp"

namespace veste {

/// For each edge 1 where it begins (`is_origin`) or ends where its street goes on outside the
/// city, else 0; in networks that do not tell where that is, at the outer ends of streets near the
/// city's border.
std::vector<std::uint8_t> border_edges(const City& city, bool is_origin);

} // namespace veste
