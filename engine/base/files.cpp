#include "base/files.hpp"

#include "base/errors.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace veste {

void check_writable(const std::filesystem::path& file) {
    const std::string name = file.string();
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
    if (!file.has_filename()) {
        throw InputError(fmt::format("\"{}\": cannot be written: this names no file", name));
    }
    if (!std::filesystem::is_directory(folder)) {
        throw InputError(
            fmt::format("{}: cannot be written: there is no folder {}", name, folder.string()));
    }
    const bool is_there = std::filesystem::exists(file);
    if (is_there && !std::filesystem::is_regular_file(file)) {
        throw InputError(fmt::format("{}: cannot be written: a {} bears this name", name,
                                     std::filesystem::is_directory(file) ? "folder" : "device"));
    }
    if (::access(folder.c_str(), W_OK) != 0 || (is_there && ::access(file.c_str(), W_OK) != 0)) {
        throw InputError(fmt::format("{}: cannot be written: no permission to write {}", name,
                                     is_there ? "it" : "in " + folder.string()));
    }
}

} // namespace veste
