#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The order of the house, read from the sources themselves: who may include whom, and where each
/// library may be named.
namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::set<std::string>> may_include = {
    {"base", {}},
    {"city", {"base"}},
    {"scenario", {"base", "city"}},
    {"pedestrians", {"base", "city", "scenario"}},
    {"traffic", {"base", "city", "scenario"}},
    {"flood", {"base", "city", "scenario"}},
    {"ambient", {"base", "city", "scenario"}},
    {"sensing", {"base", "city", "scenario"}},
    {"simulation",
     {"base", "city", "scenario", "pedestrians", "traffic", "flood", "ambient", "sensing"}},
    {"results",
     {"base", "city", "scenario", "pedestrians", "traffic", "flood", "ambient", "sensing",
      "simulation"}},
    {"app",
     {"base", "city", "scenario", "pedestrians", "traffic", "flood", "ambient", "sensing",
      "simulation", "results"}},
};

/// Header beginnings of a library, and the files (by path beginning) that may name it.
struct Library {
    std::string name;
    std::vector<std::string> headers;
    std::vector<std::string> allowed_in;
};
const std::vector<Library> libraries = {
    {"TBB", {"oneapi/tbb", "tbb/"}, {"base/parallel_tbb.cpp"}},
    {"GDAL", {"gdal", "ogr", "cpl_"}, {"city/"}},
    {"GEOS", {"geos"}, {"city/"}},
    {"osmium", {"osmium", "protozero"}, {"city/"}},
    {"HDF5", {"hdf5", "H5"}, {"city/hdf5_"}},
    {"toml++", {"toml++", "toml."}, {"city/recipe", "scenario/toml_tree.cpp"}},
    {"nlohmann-json", {"nlohmann/"}, {"city/cityjson.cpp", "scenario/schema.cpp"}},
    {"fmt", {"fmt/"}, {""}}, // any source
    {"cairo", {"cairo"}, {"city/drawing.cpp"}},
    {"xxhash", {"xxhash"}, {"base/hash.cpp"}},
    {"Random123", {"Random123"}, {"base/random.cpp"}},
    {"CLI11", {"CLI/"}, {"app/"}},
    {"spdlog", {"spdlog"}, {"app/"}},
};

/// Headers that share a library's types among the sources of one folder.
constexpr std::string_view internal_header = "_use.hpp";

struct Include {
    std::string file; ///< below engine/
    std::string what;
    bool is_own = false; ///< in quotation marks
};

std::vector<Include> includes_of(const fs::path& engine) {
    std::vector<Include> found;
    const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    for (const auto& entry : fs::recursive_directory_iterator(engine)) {
        const std::string extension = entry.path().extension().string();
        if (extension != ".hpp" && extension != ".cpp") {
            continue;
        }
        std::ifstream in(entry.path());
        std::string line;
        while (std::getline(in, line)) {
            std::smatch match;
            if (std::regex_search(line, match, pattern)) {
                found.push_back({fs::relative(entry.path(), engine).string(), match[2].str(),
                                 match[1].str() == "\""});
            }
        }
    }
    return found;
}

std::string top_folder(const std::string& path) {
    return path.substr(0, path.find('/'));
}

bool starts_with_any(const std::string& text, const std::vector<std::string>& beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&](const std::string& b) { return text.rfind(b, 0) == 0; });
}

std::vector<std::string> broken_rules(const std::vector<Include>& includes) {
    std::vector<std::string> broken;
    for (const Include& include : includes) {
        const std::string folder = top_folder(include.file);
        const auto rule = may_include.find(folder);
        if (rule == may_include.end()) {
            broken.push_back(include.file + " lies in an unknown folder");
            continue;
        }
        if (include.is_own) {
            const std::string target = top_folder(include.what);
            const bool is_internal = include.what.ends_with(internal_header) && target != folder;
            if (is_internal || (target != folder && !rule->second.contains(target))) {
                broken.push_back(include.file + " must not include " + include.what);
            }
            continue;
        }
        for (const Library& library : libraries) {
            const bool is_header =
                include.file.ends_with(".hpp") && !include.file.ends_with(internal_header);
            if (starts_with_any(include.what, library.headers) &&
                (is_header || !starts_with_any(include.file, library.allowed_in))) {
                broken.push_back(include.file + " must not name " + library.name);
            }
        }
    }
    return broken;
}

} // namespace

TEST_CASE("every include obeys the order of the house") {
    const std::vector<Include> includes = includes_of(fs::path(VESTE_SOURCE_DIR) / "engine");
    REQUIRE(includes.size() > 100);
    for (const std::string& problem : broken_rules(includes)) {
        FAIL_CHECK(problem);
    }
}

TEST_CASE("an upward or sideways include and a library out of its place are caught") {
    CHECK(broken_rules({{"base/a.cpp", "city/city.hpp", true}}).size() == 1);
    CHECK(broken_rules({{"flood/a.cpp", "traffic/traffic.hpp", true}}).size() == 1);
    CHECK(broken_rules({{"flood/a.cpp", "oneapi/tbb/parallel_for.h", false}}).size() == 1);
    CHECK(broken_rules({{"city/a.hpp", "gdal.h", false}}).size() == 1);
    CHECK(broken_rules({{"city/a.cpp", "gdal.h", false}}).empty());
    CHECK(broken_rules({{"city/gdal_use.hpp", "gdal.h", false}}).empty());
    CHECK(broken_rules({{"results/a.cpp", "city/gdal_use.hpp", true}}).size() == 1);
    CHECK(broken_rules({{"results/a.hpp", "fmt/format.h", false}}).size() == 1);
    CHECK(broken_rules({{"results/a.cpp", "fmt/format.h", false}}).empty());
    CHECK(broken_rules({{"results/a.cpp", "nlohmann/json.hpp", false}}).size() == 1);
    CHECK(broken_rules({{"scenario/a.hpp", "toml++/toml.h", false}}).size() == 1);
    CHECK(broken_rules({{"city/recipe_section_use.hpp", "toml++/toml.h", false}}).empty());
    CHECK(broken_rules({{"results/a.cpp", "hdf5.h", false}}).size() == 1);
    CHECK(broken_rules({{"app/a.cpp", "results/recorder.hpp", true}}).empty());
}
