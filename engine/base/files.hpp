#pragma once
#include <filesystem>
#include <vector>

namespace veste {

/// Throws InputError unless a file of this name can be written: its folder must be there and open
/// for writing, and what bears the name already must be a plain file.
void check_writable(const std::filesystem::path& file);

/// Throws InputError unless every output can be written, none of them is one of the inputs (also
/// not under another name or through a link), and no two of them are the same file. Empty paths
/// count as not given.
void check_outputs(const std::vector<std::filesystem::path>& outputs,
                   const std::vector<std::filesystem::path>& inputs);

} // namespace veste
