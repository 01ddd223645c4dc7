#include "base/files.hpp"
#include "city/city.hpp"
#include "city/city_archive.hpp"
#include "city/city_check.hpp"
#include "city/hdf5_file.hpp"

#include <fmt/format.h>
#include <system_error>

/// The cached city file; its layout is described in CITY_FILE.md.
namespace veste {
namespace {

constexpr std::string_view format_name = "veste city";
constexpr std::int64_t layout_version = 5;

/// Columns of one table: member pointers in the order they are listed, each with name and unit.
template <class Archive, class S> class Table {
public:
    Table(Archive& a, std::string group, std::vector<S>& rows)
        : archive_(a), group_(std::move(group)), rows_(rows) {}

    template <class T>
    Table& operator()(const std::string& name, std::string_view unit, T S::*member) {
        const std::string path = group_ + "/" + name;
        if (is_first_) {
            archive_.rows(path, rows_);
            is_first_ = false;
        }
        archive_.column({path, unit}, rows_, [member](S& row) -> T& { return row.*member; });
        return *this;
    }
    template <class T>
    Table& list(const std::string& name, std::string_view unit, std::vector<T> S::*member) {
        plain_lists(archive_, group_ + "/" + name, unit, rows_,
                    [member](S& row) -> std::vector<T>& { return row.*member; });
        return *this;
    }
    Table& polygon(const std::string& name, Polygon S::*member) {
        polygons(archive_, group_ + "/" + name, rows_,
                 [member](S& row) -> Polygon& { return row.*member; });
        return *this;
    }

private:
    Archive& archive_;
    std::string group_;
    std::vector<S>& rows_;
    bool is_first_ = true;
};

/// The same for items of lists, whose number is known from the lists.
template <class Archive, class S> class Items {
public:
    Items(Archive& a, std::string group, std::vector<S>& all)
        : archive_(a), group_(std::move(group)), all_(all) {}
    template <class T>
    Items& operator()(const std::string& name, std::string_view unit, T S::*member) {
        archive_.column({group_ + "/" + name, unit}, all_,
                        [member](S& row) -> T& { return row.*member; });
        return *this;
    }

private:
    Archive& archive_;
    std::string group_;
    std::vector<S>& all_;
};

template <class Archive>
void describe_polygons(Archive& a, const std::string& group, std::vector<Polygon>& rows) {
    // Polygons without attributes are numbered, so that there is a column to count them by.
    std::vector<std::uint32_t> number(rows.size());
    a.rows(group + "/number", number);
    for (std::size_t k = 0; k < number.size(); ++k) {
        number[k] = static_cast<std::uint32_t>(k);
    }
    a.column(
        {group + "/number", "1"}, number, [](std::uint32_t & n) -> auto& { return n; });
    rows.resize(number.size());
    polygons(a, group + "/area", rows, [](Polygon& polygon) -> Polygon& { return polygon; });
}

template <class Archive>
void describe_texts(Archive& a, const std::string& path, std::vector<std::string>& texts) {
    a.rows(path, texts);
    a.column({path, "1"}, texts, [](std::string& text) -> std::string& { return text; });
}

template <class Archive> void describe_frame(Archive& a, City& city) {
    value(a, "frame/name", "1", city.name);
    value(a, "frame/epsg", "1", city.epsg);
    value(a, "frame/origin", "m", city.origin);
    value(a, "frame/bounds_low", "m", city.bounds.low);
    value(a, "frame/bounds_high", "m", city.bounds.high);
    value(a, "frame/latitude", "deg", city.latitude_deg);
    value(a, "frame/longitude", "deg", city.longitude_deg);
}

template <class Archive, class T>
void describe_raster(Archive& a, const std::string& path, std::string_view unit,
                     Raster<T>& raster) {
    value(a, path + "_corner", "m", raster.shape.corner);
    value(a, path + "_cell", "m", raster.shape.cell_m);
    value(a, path + "_columns", "1", raster.shape.columns);
    value(a, path + "_rows", "1", raster.shape.rows);
    a.cells({path, unit}, raster);
}

template <class Archive> void describe_terrain(Archive& a, City& city) {
    Terrain& terrain = city.terrain;
    describe_raster(a, "terrain/ground", "m", terrain.ground_m);
    describe_raster(a, "terrain/surface", "1", terrain.surface);
    describe_raster(a, "terrain/is_blocked", "1", terrain.is_blocked);
    describe_raster(a, "terrain/is_sea", "1", terrain.is_sea);
    value(a, "terrain/has_elevation", "1", terrain.has_elevation);
    value(a, "terrain/buildings_are", "1", terrain.buildings);
    describe_polygons(a, "sea", city.sea);
    describe_polygons(a, "inland_water", city.inland_water);
    Table(a, "areas", city.areas)("name", "1", &NamedArea::name).polygon("area", &NamedArea::area);
    Table(a, "buildings", city.buildings)("height", "m", &Building::height_m)(
        "ground", "m", &Building::ground_m)("is_height_assumed", "1", &Building::is_height_assumed)(
        "osm_id", "1", &Building::osm_id)("source_id", "1", &Building::source_id)
        .polygon("footprint", &Building::footprint);
}

template <class Archive> void describe_streets(Archive& a, StreetNetwork& streets) {
    value(a, "streets/is_left_hand", "1", streets.is_left_hand);
    Table(a, "streets/nodes", streets.nodes)("at", "m", &Node::at)("control", "1", &Node::control)(
        "signal", "1", &Node::signal)("radius", "m", &Node::radius_m)("is_border", "1",
                                                                      &Node::is_border)
        .list("osm_ids", "1", &Node::osm_ids)
        .list("incoming", "1", &Node::incoming)
        .list("outgoing", "1", &Node::outgoing);
    Table(a, "streets/edges", streets.edges)("from", "1", &Edge::from)("to", "1", &Edge::to)(
        "opposite", "1", &Edge::opposite)("first_lane", "1", &Edge::first_lane)(
        "lanes", "1", &Edge::lanes)("length", "m", &Edge::length_m)(
        "speed_limit", "m/s", &Edge::speed_limit_mps)("is_speed_assumed", "1",
                                                      &Edge::is_speed_assumed)(
        "are_lanes_assumed", "1", &Edge::are_lanes_assumed)("is_bridge", "1", &Edge::is_bridge)(
        "is_tunnel", "1", &Edge::is_tunnel)("is_roundabout", "1", &Edge::is_roundabout)(
        "must_give_way", "1", &Edge::must_give_way)("must_stop", "1",
                                                    &Edge::must_stop)("level", "1", &Edge::level)(
        "highway", "1", &Edge::highway)("osm_way", "1", &Edge::osm_way)("name", "1", &Edge::name)
        .list("line", "m", &Edge::line);
    Table(a, "streets/lanes", streets.lanes)("edge", "1", &Lane::edge)("index", "1", &Lane::index)(
        "width", "m", &Lane::width_m)("length", "m", &Lane::length_m)("allowed", "1",
                                                                      &Lane::allowed)(
        "first_connection", "1", &Lane::first_connection)("connections", "1", &Lane::connections)
        .list("line", "m", &Lane::line);
    Table(a, "streets/connections", streets.connections)("from", "1", &Connection::from)(
        "to", "1", &Connection::to)("node", "1", &Connection::node)("turn", "1", &Connection::turn)(
        "length", "m", &Connection::length_m)("speed", "m/s", &Connection::speed_mps)(
        "signal_link", "1", &Connection::signal_link)("allowed", "1", &Connection::allowed)
        .list("line", "m", &Connection::line);
    a.lists(
        "streets/conflicts/of_connection", streets.connections,
        [](Connection & c) -> auto& { return c.conflicts; },
        [](Archive& inner, auto& all) {
            Items(inner, "streets/conflicts",
                  all)("other", "1", &Conflict::other)("begin", "m", &Conflict::begin_m)(
                "end", "m", &Conflict::end_m)("other_begin", "m", &Conflict::other_begin_m)(
                "other_end", "m", &Conflict::other_end_m)("must_yield", "1", &Conflict::must_yield);
        });
}

template <class Archive> void describe_signals(Archive& a, StreetNetwork& streets) {
    Table(a, "streets/signals", streets.signals)("node", "1", &Signal::node)(
        "name", "1", &Signal::name)("links", "1", &Signal::links)
        .list("osm_ids", "1", &Signal::osm_ids);
    a.lists(
        "streets/signal_plans/of_signal", streets.signals,
        [](Signal & s) -> auto& { return s.plans; },
        [](Archive& inner, auto& plans) {
            Items(inner, "streets/signal_plans", plans)("name", "1", &SignalPlan::name)(
                "offset", "s", &SignalPlan::offset_s)("is_assumed", "1", &SignalPlan::is_assumed);
            inner.lists(
                "streets/signal_phases/of_plan", plans,
                [](SignalPlan & p) -> auto& { return p.phases; },
                [](Archive& innermost, auto& phases) {
                    Items(innermost, "streets/signal_phases", phases)("duration", "s",
                                                                      &SignalPhase::duration_s);
                    plain_lists(
                        innermost, "streets/signal_phases/lights", "1", phases,
                        [](SignalPhase & p) -> auto& { return p.lights; });
                });
        });
    Table(a, "streets/crossings", streets.crossings)("from", "m", &Crossing::from)(
        "to", "m", &Crossing::to)("width", "m", &Crossing::width_m)("kind", "1", &Crossing::kind)(
        "signal", "1", &Crossing::signal)("signal_link", "1",
                                          &Crossing::signal_link)("osm_id", "1", &Crossing::osm_id);
    a.lists(
        "streets/crossing_places/of_crossing", streets.crossings,
        [](Crossing & c) -> auto& { return c.places; },
        [](Archive& inner, auto& all) {
            Items(inner, "streets/crossing_places", all)("lane", "1", &CrossingPlace::lane)(
                "connection", "1", &CrossingPlace::connection)("at", "m", &CrossingPlace::at_m);
        });
}

template <class Archive> void describe_walk(Archive& a, WalkMesh& walk) {
    a.rows("walk/vertices", walk.vertices);
    a.column({"walk/vertices", "m"}, walk.vertices, [](Vec2& p) -> Vec2& { return p; });
    Table(a, "walk/triangles", walk.triangles)("vertices", "1", &WalkTriangle::vertices)(
        "neighbours", "1", &WalkTriangle::neighbours)("kind", "1", &WalkTriangle::kind)(
        "level", "1", &WalkTriangle::level)("crossing", "1", &WalkTriangle::crossing)(
        "component", "1", &WalkTriangle::component)("slope", "1", &WalkTriangle::slope)(
        "uphill", "1", &WalkTriangle::uphill)("conveyor", "m/s", &WalkTriangle::conveyor_mps);
    Table(a, "walk/ways", walk.ways)("osm_way", "1", &WalkWay::osm_way)("name", "1",
                                                                        &WalkWay::name)(
        "width", "m", &WalkWay::width_m)("level", "1", &WalkWay::level)("kind", "1", &WalkWay::kind)
        .list("line", "m", &WalkWay::line);
}

template <class Archive> void describe_assets(Archive& a, Assets& assets) {
    Table(a, "assets/lamps", assets.lamps)("at", "m", &Lamp::at)("height", "m", &Lamp::height_m)(
        "flux", "lm", &Lamp::flux_lm)("feeder", "1", &Lamp::feeder)(
        "is_assumed", "1", &Lamp::is_assumed)("osm_id", "1", &Lamp::osm_id)(
        "is_height_assumed", "1", &Lamp::is_height_assumed)("is_flux_assumed", "1",
                                                            &Lamp::is_flux_assumed);
    Table(a, "assets/feeders", assets.feeders)("name", "1", &Feeder::name)("is_assumed", "1",
                                                                           &Feeder::is_assumed);
    a.lists(
        "assets/feeder_areas/of_feeder", assets.feeders,
        [](Feeder & feeder) -> auto& { return feeder.areas; },
        [](Archive& inner, auto& all) {
            polygons(inner, "assets/feeder_areas/area", all,
                     [](Polygon& polygon) -> Polygon& { return polygon; });
        });
    Table(a, "assets/sensors", assets.sensors)("name", "1", &Sensor::name)(
        "kind", "1", &Sensor::kind)("at", "m", &Sensor::at)("range", "m", &Sensor::range_m)(
        "edge", "1", &Sensor::edge)("along", "m", &Sensor::along_m)("feeder", "1", &Sensor::feeder)(
        "is_assumed", "1", &Sensor::is_assumed)("is_range_assumed", "1", &Sensor::is_range_assumed);
    Table(a, "assets/drains", assets.drains)("at", "m", &Drain::at)(
        "capacity", "m3/s", &Drain::capacity_m3ps)("is_assumed", "1", &Drain::is_assumed)(
        "is_capacity_assumed", "1", &Drain::is_capacity_assumed);
    Table(a, "assets/stations", assets.stations)("name", "1", &Station::name)(
        "kind", "1", &Station::kind)("at", "m", &Station::at);
    Table(a, "assets/signs", assets.signs)("text", "1", &Sign::text)("at", "m", &Sign::at);
    a.rows("assets/signal_feeder", assets.signal_feeder);
    a.column({"assets/signal_feeder", "1"}, assets.signal_feeder,
             [](FeederId& id) -> FeederId& { return id; });
}

/// All that the models see.
template <class Archive> void describe_content(Archive& a, City& city) {
    describe_frame(a, city);
    describe_terrain(a, city);
    describe_streets(a, city.streets);
    describe_signals(a, city.streets);
    describe_walk(a, city.walk);
    describe_assets(a, city.assets);
}

template <class Archive> void describe_city(Archive& a, City& city) {
    describe_content(a, city);
    value(a, "frame/digest", "1", city.digest);
    describe_texts(a, "report/found", city.report.found);
    describe_texts(a, "report/assumed", city.report.assumed);
    describe_texts(a, "report/warnings", city.report.warnings);
}

void check_format(const Hdf5File& file) {
    const std::string name = file.name().string();
    if (!file.has_attribute("/", "format") || file.text_attribute("/", "format") != format_name) {
        throw InputError(name + ": an HDF5 file, but not a city file of Veste");
    }
    const double version = file.number_attribute("/", "version");
    if (version != static_cast<double>(layout_version)) {
        throw InputError(fmt::format("{}: city file of layout version {:.0f}; this program reads "
                                     "version {}: build the city again",
                                     name, version, layout_version));
    }
}

} // namespace

std::string content_digest(const City& city) {
    Digest digest;
    CityDigester digester(digest);
    City copy = city; // the description serves reading too, hence takes no constant
    describe_content(digester, copy);
    return digest.text();
}

void save_city(const City& city, const std::filesystem::path& file) {
    check_writable(file);
    std::filesystem::path unfinished = file;
    unfinished += ".part";
    try {
        Hdf5File out(unfinished, FileUse::Create);
        out.set_fixed_attribute("/", "format", format_name);
        out.set_attribute("/", "version", layout_version);
        CityWriter writer(out);
        City copy = city; // as in content_digest
        describe_city(writer, copy);
        out.close();
        std::filesystem::rename(unfinished, file);
    } catch (const std::filesystem::filesystem_error& error) {
        throw RunError(fmt::format("{}: cannot be written: {}", file.string(), error.what()));
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove(unfinished, ignored);
        throw;
    }
}

City load_city(const std::filesystem::path& file) {
    const Hdf5File in(file, FileUse::Read);
    check_format(in);
    City city;
    CityReader reader(in);
    describe_city(reader, city);
    check_city(city, file.string());
    try {
        city.walk.index();
    } catch (const UsageError& error) {
        throw InputError(fmt::format("{}: {}; the file is damaged, build the city again",
                                     file.string(), error.what()));
    }
    return city;
}

} // namespace veste
