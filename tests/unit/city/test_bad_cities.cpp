#include "city/city.hpp"
#include "ground_support.hpp"

#include <csignal>
#include <cstdio>
#include <doctest/doctest.h>
#include <iterator>
#include <limits>
#include <sys/resource.h>
#include <unistd.h>

using namespace veste;
using namespace ground_test;

namespace {

/// What a library prints meanwhile to standard error.
class StandardError {
public:
    explicit StandardError(const std::filesystem::path& to) : file_(to), kept_(::dup(2)) {
        std::FILE* file = std::fopen(to.c_str(), "w");
        ::dup2(::fileno(file), 2);
        std::fclose(file);
    }
    ~StandardError() {
        std::fflush(stderr);
        ::dup2(kept_, 2);
        ::close(kept_);
    }
    StandardError(const StandardError&) = delete;
    StandardError& operator=(const StandardError&) = delete;

private:
    std::filesystem::path file_;
    int kept_;
};

/// A folder with sound and broken inputs, and what building a recipe in it says.
class Workshop {
public:
    Workshop() {
        write_tif(folder_ / "ground.tif", 50, 50, 4.0, {500000.0, 4800200.0}, "EPSG:32632",
                  [](int, int) { return 5.0F; });
        write_tif(folder_ / "hole.tif", 50, 50, 4.0, {500000.0, 4800200.0}, "EPSG:32632",
                  [](int column, int row) {
                      return column == 7 && row == 9 ? std::numeric_limits<float>::quiet_NaN()
                                                     : 5.0F;
                  });
        write_tif(folder_ / "placeless.tif", 50, 50, 4.0, {500000.0, 4800200.0}, "",
                  [](int, int) { return 5.0F; });
        cut("ground.tif", "cut.tif", 0.6);
        cut(data("helsinki/helsinki.osm.pbf"), "cut.osm.pbf", 0.5);
        cut(data("monaco/N43E007.hgt.zip"), "cut.zip", 0.5);
        cut(data("scheveningen/DenHaag_01.city.json"), "cut.city.json", 0.5);
        cut(data("delft/bgt_pand.sqlite"), "cut.sqlite", 0.6);
        folder_.write("text.txt", "no data at all\n");
        folder_.write("lamps.geojson", points(R"({"height": -3, "flux": "bright"})"));
        folder_.write("sensors.geojson", points(R"({"kind": "thermometer"})"));
        folder_.write("empty.geojson", R"({"type":"FeatureCollection","features":[]})");
    }

    /// The error of a recipe; nothing may be printed by libraries and nothing written.
    std::string error(const std::string& recipe) const {
        const auto file = folder_.write("city.toml", recipe);
        std::string text;
        {
            const StandardError printed(folder_ / "printed.txt");
            text = input_error(
                [&] { save_city(build_city(file, [](std::string_view) {}), folder_ / "city.h5"); });
        }
        CHECK(slurp(folder_ / "printed.txt").empty());
        CHECK(!std::filesystem::exists(folder_ / "city.h5"));
        CHECK(!std::filesystem::exists(folder_ / "city.h5.part"));
        return text;
    }
    const Folder& folder() const { return folder_; }

private:
    static std::string points(const std::string& properties) {
        return R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":)" +
               properties + R"(,"geometry":{"type":"Point","coordinates":[9.0012,43.3537]}}]})";
    }
    void cut(const std::filesystem::path& from, const char* to, double share) {
        const std::string bytes = slurp(from.is_absolute() ? from : folder_ / from.string());
        folder_.write(to, bytes.substr(0, static_cast<std::size_t>(
                                              share * static_cast<double>(bytes.size()))));
    }

    Folder folder_;
};

struct BadCity {
    const char* recipe;
    std::vector<const char*> told; ///< parts of the message
};

const char* const ground = "crs = \"EPSG:32632\"\n[[elevation]]\nfile = \"ground.tif\"\n";

} // namespace

TEST_CASE("broken files of a city are errors that name the file and print nothing else") {
    const Workshop shop;
    const std::vector<BadCity> cities = {
        {"[[osm]]\nfile = \"cut.osm.pbf\"\n", {"cut.osm.pbf: ", "cut or broken"}},
        {"[[osm]]\nfile = \"text.txt\"\n", {"text.txt: not an OpenStreetMap file"}},
        {"[[elevation]]\nfile = \"cut.tif\"\n",
         {"cut.tif: cannot be read at row", "cut or broken"}},
        {"[[elevation]]\nfile = \"text.txt\"\n", {"text.txt: not a raster that GDAL can read"}},
        {"[area]\nbbox = [7.41, 43.73, 7.42, 43.74]\n[[elevation]]\nfile = \"cut.zip\"\n",
         {"cut.zip: not a whole .zip archive"}},
        {"[[elevation]]\nfile = \"placeless.tif\"\n",
         {"placeless.tif: has no CRS", "city.toml:1", "crs = \"EPSG:"}},
        {"[[elevation]]\nfile = \"hole.tif\"\n",
         {"hole.tif: 1 values are NaN or infinite", "column 7, row 9", "no-data value"}},
        {"[[cityjson]]\nfile = \"cut.city.json\"\n",
         {"cut.city.json: not valid JSON at byte", "cut or broken"}},
        {"[[cityjson]]\nfile = \"lamps.geojson\"\n", {"lamps.geojson: ", "not CityJSON"}},
        {"[[buildings]]\nfile = \"cut.sqlite\"\n", {"cut.sqlite: ", "malformed"}},
        {"[[buildings]]\nfile = \"text.txt\"\n",
         {"text.txt: not a vector file that GDAL can read"}},
        {"[[elevation]]\nfile = \"nowhere.tif\"\n[[osm]]\nfile = \"nothing.osm\"\n",
         {"city.toml:2: elevation.file: there is no file", "nowhere.tif",
          "city.toml:4: osm.file: there is no file", "nothing.osm"}},
    };
    for (const BadCity& city : cities) {
        CAPTURE(city.recipe);
        const std::string error = shop.error(city.recipe);
        CAPTURE(error);
        for (const char* part : city.told) {
            CHECK(has(error, part));
        }
    }
}

TEST_CASE("areas that cannot be are errors that say what an area must be") {
    const Workshop shop;
    const std::vector<BadCity> cities = {
        {"bbox = [9.0, 43.35, 9.0, 43.36]\n", {"city.toml:5: area.bbox must be", "west < east"}},
        {"bbox = [9.0, 93.35, 9.1, 93.36]\n",
         {"city.toml:5: area.bbox holds longitude 9, latitude 93.35", "-90 to 90"}},
        {"points = [[9.0, 43.35], [9.01, 43.36], [9.01, 43.35], [9.0, 43.36]]\n",
         {"city.toml:4: the area must be one polygon, it is 2", "cross itself"}},
        {"wkt = \"POLYGON((9 43, 9.1\"\n", {"city.toml:4: area.wkt: not a WKT polygon"}},
        {"file = \"lamps.geojson\"\n", {"lamps.geojson: its first layer holds no polygon"}},
        {"crs = \"EPSG:77\"\nbbox = [0, 0, 10, 10]\n",
         {"\"EPSG:77\" is not a coordinate reference"}},
        {"crs = \"EPSG:32632\"\nbbox = [0, 4800000, 500000, 5300000]\n",
         {"million cells", "smaller area or larger cell_m"}},
        {"bbox = [9.5, 43.35, 9.6, 43.36]\n",
         {"ground.tif: does not overlap the city", "EPSG:32632", "check the crs and the area"}},
    };
    for (const BadCity& city : cities) {
        CAPTURE(city.recipe);
        const std::string error = shop.error(std::string(ground) + "[area]\n" + city.recipe);
        CAPTURE(error);
        for (const char* part : city.told) {
            CHECK(has(error, part));
        }
    }
}

TEST_CASE("wrong layers of a city are told all at once with recipe line or feature and value") {
    const Workshop shop;
    const std::string missing = shop.error(
        std::string(ground) + "[[lamps]]\nfile = \"lamps.geojson\"\nlayer = \"lights\"\n"
                              "[[lamps]]\nfile = \"lamps.geojson\"\nheight = \"mast\"\n"
                              "[[drains]]\nfile = \"lamps.geojson\"\nwhere = \"flux = = 3\"\n"
                              "[[buildings]]\nfile = \"lamps.geojson\"\n"
                              "[[stations]]\nat = [10.0, 50.0]\nfixed_kind = \"fire\"\n");
    CHECK(has(missing, "city.toml:4: "));
    CHECK(has(missing, "has no layer \"lights\"; its layers: lamps"));
    CHECK(has(missing, "city.toml:7: height = \"mast\": "));
    CHECK(has(missing, "no such attribute; it has: height, flux"));
    CHECK(has(missing, "where = \"flux = = 3\" is not a condition"));
    CHECK(has(missing, "layer lamps, feature 0: is a POINT, this section needs polygons"));
    CHECK(has(missing, "city.toml:15: at = [10, 50] lies outside the city's area"));
    const std::string values =
        shop.error(std::string(ground) + "[[lamps]]\nfile = \"lamps.geojson\"\n"
                                         "[[sensors]]\nfile = \"sensors.geojson\"\n");
    CHECK(has(values, "layer lamps, feature 0: height = -3 m, allowed 1 to 50 m"));
    CHECK(has(values, "layer lamps, feature 0: flux = \"bright\" is not a number"));
    CHECK(has(values, "layer sensors, feature 0: kind = \"thermometer\" is not known"));
}

TEST_CASE("an empty layer is a warning and not an error") {
    const Workshop shop;
    const auto file = shop.folder().write(
        "with_empty.toml", std::string(ground) + "[[lamps]]\nfile = \"empty.geojson\"\n");
    std::string told;
    const City city = build_city(file, [&](std::string_view text) { told += text; });
    CHECK(has(told, "empty.geojson: none of its 0 features lies in the city's area"));
    CHECK(city.assets.lamps.empty());
}

TEST_CASE("an output that cannot be written is an error before anything is written") {
    const Folder folder;
    const City city;
    folder.write("file.txt", "x");
    const auto told = [&](const std::filesystem::path& file) {
        return input_error([&] { save_city(city, file); });
    };
    CHECK(has(told(folder / "no/such/city.h5"), "there is no folder"));
    CHECK(has(told(folder / "file.txt/city.h5"), "there is no folder"));
    std::filesystem::create_directory(folder / "taken.h5");
    CHECK(has(told(folder / "taken.h5"), "a folder bears this name"));
    CHECK(has(told("/dev/full"), "a device bears this name"));
    CHECK(has(told(""), "names no file"));
    CHECK(std::distance(std::filesystem::directory_iterator(folder / ""), {}) == 2);
}

TEST_CASE("a disk that fills leaves the old file and nothing half-written") {
    const Folder folder;
    City city;
    city.name = "old";
    save_city(city, folder / "city.h5");
    // A limit on the size of files stands in for the full disk.
    city.name = "new";
    city.terrain.ground_m = Raster<float>({{0.0, 0.0}, 1.0, 500, 500}, 0.0F);
    std::uint32_t noise = 1;
    for (float& value : city.terrain.ground_m.values) {
        noise = noise * 1664525U + 1013904223U;
        value = static_cast<float>(noise);
    }
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const rlimit small{200'000, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    CHECK_THROWS_AS(save_city(city, folder / "city.h5"), RunError);
    ::setrlimit(RLIMIT_FSIZE, &before);
    CHECK(load_city(folder / "city.h5").name == "old");
    CHECK(std::distance(std::filesystem::directory_iterator(folder / ""), {}) == 1);
}
