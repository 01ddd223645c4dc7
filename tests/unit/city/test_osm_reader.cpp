#include "base/errors.hpp"
#include "city/sources.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

using namespace veste;

namespace {

const char* const small_map = R"(<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="3" lat="43.7310" lon="7.4210"/>
 <node id="1" lat="43.7300" lon="7.4200"/>
 <node id="2" lat="43.7305" lon="7.4205"><tag k="highway" v="crossing"/></node>
 <node id="9" lat="43.7400" lon="7.4300"/>
 <way id="20"><nd ref="1"/><nd ref="2"/><nd ref="77"/><nd ref="2"/><nd ref="3"/>
  <tag k="highway" v="residential"/></way>
 <way id="10"><nd ref="1"/><nd ref="3"/><tag k="highway" v="service"/></way>
 <relation id="5"><member type="way" ref="20" role="from"/><tag k="type" v="restriction"/></relation>
</osm>
)";

/// A file in a folder of its own that goes away with it.
class Folder {
public:
    Folder()
        : path_(std::filesystem::temp_directory_path() / fmt::format("veste_osm_{}", getpid())) {
        std::filesystem::create_directories(path_);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    std::filesystem::path write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

const Projection& monaco() {
    static const Projection projection("EPSG:4326", 32632, {372000.0, 4842000.0});
    return projection;
}

} // namespace

TEST_CASE("longitude and latitude become local metres and come back") {
    // UTM 32N of 7.42 E, 43.73 N by PROJ's cs2cs: 372718.95, 4843113.39 within a few metres.
    const Vec2 local = monaco().to_local({7.42, 43.73});
    CHECK(local.x() == doctest::Approx(727.0).epsilon(0.05));
    CHECK(local.y() == doctest::Approx(1000.0).epsilon(0.5));
    const Vec2 back = monaco().from_local(local);
    CHECK(back.x() == doctest::Approx(7.42).epsilon(1e-9));
    CHECK(back.y() == doctest::Approx(43.73).epsilon(1e-9));
    // One thousandth of a degree of latitude is 111.1 m.
    const Vec2 north = monaco().to_local({7.42, 43.731}) - local;
    CHECK(north.norm() == doctest::Approx(111.1).epsilon(0.002));
    CHECK(north.y() > 110.0);
}

TEST_CASE("a projection from an unknown system is refused by name") {
    CHECK_THROWS_WITH_AS(Projection("EPSG:99999999", 32632, {0.0, 0.0}),
                         doctest::Contains("EPSG:99999999"), InputError);
    CHECK_THROWS_AS(monaco().to_local({7.42, 4000.0}), InputError);
}

TEST_CASE("OSM is read in id order with the part of a way that is there") {
    const Folder folder;
    const OsmData data = read_osm(folder.write("small.osm", small_map), monaco());
    REQUIRE(data.nodes.size() == 3); // node 9 has no tag and no way
    CHECK(data.nodes[0].id == 1);
    CHECK(data.nodes[2].id == 3);
    CHECK(tag(data.nodes[1].tags, "highway") == "crossing");
    REQUIRE(data.ways.size() == 3);
    CHECK(data.ways[0].id == 10);
    CHECK(data.ways[1].id == 20);
    CHECK(data.ways[1].nodes == std::vector<std::uint32_t>{0, 1});
    CHECK(data.ways[1].is_cut_at_end);
    CHECK_FALSE(data.ways[1].is_cut_at_start);
    CHECK(data.ways[2].nodes == std::vector<std::uint32_t>{1, 2});
    CHECK(data.ways[2].is_cut_at_start);
    REQUIRE(data.relations.size() == 1);
    CHECK(data.relations[0].members[0].role == "from");
}

TEST_CASE("packed OSM files read like plain ones") {
    const Folder folder;
    const std::filesystem::path plain = folder.write("packed.osm", small_map);
    REQUIRE(std::system(("gzip -k " + plain.string()).c_str()) == 0);
    CHECK(read_osm(plain.string() + ".gz", monaco()).ways.size() == 3);
    // A cut archive is told, not read as a shorter map.
    const std::string packed = bytes_of(plain.string() + ".gz");
    const auto cut = folder.write("cut.osm.gz", packed.substr(0, packed.size() / 2));
    CHECK_THROWS_WITH_AS(read_osm(cut, monaco()), doctest::Contains("cut.osm.gz"), InputError);
}

TEST_CASE("a cut or foreign OSM file is an input error that names it") {
    const Folder folder;
    const std::string text = small_map;
    for (const std::filesystem::path& file :
         {folder.write("cut.osm", text.substr(0, text.size() / 2)),
          folder.write("text.osm", "this is no map"), folder.write("empty.osm", ""),
          folder.write("nothing.osm", "<osm version=\"0.6\"></osm>"),
          folder.write("map.unknown", text),
          folder.write("cut.osm.pbf",
                       bytes_of(VESTE_SOURCE_DIR "/data/monaco/monaco.osm.pbf").substr(0, 300000)),
          folder.write("noise.osm.pbf", std::string(5000, 'x'))}) {
        CAPTURE(file.string());
        CHECK_THROWS_WITH_AS(read_osm(file, monaco()), doctest::Contains(file.filename().c_str()),
                             InputError);
    }
    CHECK_THROWS_WITH_AS(read_osm("/no/such/map.osm", monaco()), doctest::Contains("no such file"),
                         InputError);
}
