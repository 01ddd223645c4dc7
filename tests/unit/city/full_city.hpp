#pragma once
#include "city/city.hpp"

#include <filesystem>
#include <string>
#include <unistd.h>

/// What tests of city files share.
namespace full_city {

using namespace veste;

/// A folder of its own, gone at the end.
struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("veste_city_file_" + std::to_string(getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path operator/(const char* name) const { return path / name; }
};

/// A small city in which every member of every struct has a value of its own.
City made();

std::string bytes_of(const std::filesystem::path& file);

/// The message that reading the file fails with; empty where it does not.
std::string message_of(const std::filesystem::path& file);

} // namespace full_city
