#pragma once
#include "base/errors.hpp"
#include "city/rasters.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <unistd.h>
#include <vector>

/// Small files and cities for the tests of the ground.
namespace ground_test {

/// A folder of its own that goes away with it.
class Folder {
public:
    Folder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "veste_ground_XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    std::filesystem::path write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

/// What the stored values of a raster mean.
struct RasterMeaning {
    double scale = 1.0;
    double offset = 0.0;
    const char* unit = "";
};
void set_meaning(const std::filesystem::path& file, const RasterMeaning& meaning);

/// A GeoTIFF whose cell values are value(column, row) counted from the north-west corner.
void write_tif(const std::filesystem::path& file, int columns, int rows, double cell,
               veste::Vec2 north_west, const std::string& crs,
               const std::function<float(int, int)>& value, double no_data = -9999.0);

/// Writes the layers of a vector file in another format of GDAL ("GPKG", "FlatGeobuf" ...).
void convert_layers(const std::filesystem::path& from, const std::filesystem::path& to,
                    const std::string& format);

/// The message of the InputError that the call throws; empty when it throws none.
template <class Call> std::string input_error(Call&& call) {
    try {
        call();
    } catch (const veste::InputError& error) {
        return error.what();
    }
    return "";
}

inline bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

inline std::string slurp(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline std::filesystem::path data(const std::string& name) {
    return std::filesystem::path(VESTE_SOURCE_DIR) / "data" / name;
}

} // namespace ground_test
