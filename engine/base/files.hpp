#pragma once
#include <filesystem>

namespace veste {

/// Throws InputError unless a file of this name can be written: its folder must be there and open
/// for writing, and what bears the name already must be a plain file.
void check_writable(const std::filesystem::path& file);

} // namespace veste
