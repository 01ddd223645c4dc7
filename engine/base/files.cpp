#include "base/files.hpp"

#include "base/errors.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace veste {
namespace {

bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
    std::error_code none; // files that are not there yet can only be told apart by name
    return std::filesystem::equivalent(a, b, none) ||
           std::filesystem::weakly_canonical(a) == std::filesystem::weakly_canonical(b);
}

} // namespace

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

void check_outputs(const std::vector<std::filesystem::path>& outputs,
                   const std::vector<std::filesystem::path>& inputs) {
    for (auto output = outputs.begin(); output != outputs.end(); ++output) {
        if (output->empty()) {
            continue;
        }
        check_writable(*output);
        for (const std::filesystem::path& input : inputs) {
            if (!input.empty() && is_same_file(*output, input)) {
                throw InputError(fmt::format("{}: cannot be written: it is the input {}",
                                             output->string(), input.string()));
            }
        }
        for (auto other = outputs.begin(); other != output; ++other) {
            if (!other->empty() && is_same_file(*output, *other)) {
                throw InputError(fmt::format("{}: cannot be written: it is the output {} too",
                                             output->string(), other->string()));
            }
        }
    }
}

} // namespace veste
