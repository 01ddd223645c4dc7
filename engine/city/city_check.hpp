#pragma once
#include "city/city.hpp"

#include <string>

namespace veste {

/// Throws InputError naming `where` when an id of the city leads nowhere, a code is unknown, arrays
/// that belong together differ in size, or a length, speed, duration or position is none: nothing
/// later need check them again.
void check_city(const City& city, const std::string& where);

} // namespace veste
