#pragma once
#include "city/sources.hpp"
#include "scenario/section.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What the readers of a scenario share. They run in the order in which they are declared here,
/// each filling its part of the scenario; the checks at the end see the whole.
namespace veste::scenario_file {

struct Reading {
    const City& city;
    Scenario& scenario;
    Document& document;
    const WarningHandler& warn;
    std::string crs = {}; ///< of the file's coordinates
    std::map<std::string, std::unique_ptr<Projection>> projections = {}; ///< by CRS; null: unusable
    std::map<std::string, std::vector<EdgeId>> streets = {};             ///< by name
    std::map<std::string, std::vector<std::uint32_t>> footpaths = {}; ///< indices of ways, by name

    // One for each place, gate, demand, event and change of the scenario, for checks and messages.
    std::vector<Section> places = {};
    std::vector<std::uint8_t> is_place_broken = {}; ///< told already: no further complaints
    std::vector<Section> gates = {};
    std::vector<Section> pedestrians = {};
    std::vector<Section> vehicles = {};
    std::vector<Section> events = {};
    /// Places and streets that vehicles come from and go to, for messages: name and edges.
    struct NamedEdges {
        Named name;
        std::vector<EdgeId> edges; ///< empty: the border
    };
    std::vector<std::vector<NamedEdges>> vehicle_origins = {};
    std::vector<std::vector<NamedEdges>> vehicle_destinations = {};

    void warn_at(const TextPlace& place, const std::string& text) const;
};

/// Reads and checks the whole scenario; `asked` gets every key the reader asked for.
Scenario read_scenario(const std::filesystem::path& file, const City& city,
                       const WarningHandler& warn, std::set<std::string>* asked = nullptr);

// Readers, in order.
void read_places(Section& file, Reading& reading);
void read_walking(Section& file, Reading& reading);
void read_profiles(Section& file, Reading& reading);
void read_gates(Section& file, Reading& reading);
void read_barriers(Section& file, Reading& reading);
void read_journeys(Section& file, Reading& reading);
void read_pedestrians(Section& file, Reading& reading);
void read_events(Section& file, Reading& reading);
void read_vehicles(Section& file, Reading& reading);
void read_emergency_routes(Section& file, Reading& reading);
void read_weather(Section& file, Reading& reading);
void read_sensors(Section& file, Reading& reading);
void read_signal_plans(Section& file, Reading& reading);
void read_changes(Section& file, Reading& reading);
void read_rules(Section& file, Reading& reading);
void read_outputs(Section& file, Reading& reading);
void read_measurements(Section& file, Reading& reading);

/// The line of a [[barrier]]; empty where it is wrong, which is told.
Polyline barrier_line(Section& section, Reading& reading);
/// The lines of all barriers of a file.
std::vector<Polyline> barrier_lines(const std::filesystem::path& file, const City& city);

// Checks of the whole.
void check_gates(Reading& reading);
void check_walking(Reading& reading);
void check_driving(Reading& reading);
/// Warns where closures leave some of a demand's trips without a way.
void warn_of_cut_trips(Reading& reading, std::size_t demand);

// Names.
/// The index of the only one called so; else tells a problem, with the nearest known name.
std::optional<std::size_t> find_name(Section& section, std::string_view key, const Named& name,
                                     std::string_view kind, const std::vector<std::string>& known);
/// Tells a problem where the section's name was used before by one of `earlier`.
void check_unique(Section& section, const std::string& name, std::string_view kind,
                  const std::vector<std::string>& earlier);
/// What a place is used for, so that one without it is told.
enum class PlaceUse { People, Vehicles, Ground };
std::optional<PlaceId> find_place(Reading& reading, Section& section, std::string_view key,
                                  const Named& name, PlaceUse use);
std::vector<Weighted<PlaceId>> find_places(Reading& reading, Section& section,
                                           std::string_view key);
std::vector<std::string> place_names(const Scenario& scenario);
std::vector<std::string> gate_names(const Scenario& scenario);
std::vector<std::string> sensor_names(const Scenario& scenario);
std::vector<std::string> feeder_names(const City& city);
template <class T> std::vector<std::string> names_in(const std::vector<T>& list) {
    std::vector<std::string> names;
    names.reserve(list.size());
    for (const T& item : list) {
        names.push_back(item.name);
    }
    return names;
}
template <class T> std::vector<std::string> names_of(const std::map<std::string, T>& by_name) {
    std::vector<std::string> names;
    names.reserve(by_name.size());
    for (const auto& [name, what] : by_name) {
        names.push_back(name);
    }
    return names;
}

// Coordinates.
/// Makes a CRS usable for what follows; a problem of the key `crs` where it is none.
void open_crs(Reading& reading, Section& section, const std::string& crs);
/// A point of the file in local metres; a problem where it lies outside the city.
std::optional<Vec2> local_point(Reading& reading, Section& section, std::string_view key,
                                const Vec2& point, const std::string& crs = "");
/// The point a key gives, if it gives a right one.
std::optional<Vec2> local_point(Reading& reading, Section& section, std::string_view key);
/// A polygon given by its corners.
std::optional<Polygon> local_polygon(Reading& reading, Section& section, std::string_view key,
                                     const std::string& crs = "");
/// Tells where the city lies when the box lies outside it; true when it overlaps.
bool check_in_city(Reading& reading, Section& section, std::string_view key, const Box2& box,
                   const std::string& crs);

// Streets.
/// Streets and walkable ground that a change is about.
struct Ways {
    std::vector<EdgeId> edges;         ///< in id order, each once
    std::vector<TriangleId> triangles; ///< in id order, each once
    std::vector<Polygon> areas;        ///< of places and polygons
    std::vector<Polyline> footpaths;
    std::string text; ///< "Rue Grimaldi, quay"
};
Ways find_ways(Reading& reading, Section& section);
/// The edge nearest to a point within `reach_m` that lets the class in.
std::optional<EdgeId> nearest_edge(const StreetNetwork& streets, const Vec2& point, double reach_m,
                                   std::optional<VehicleClass> c = std::nullopt);
std::vector<EdgeId> edges_inside(const StreetNetwork& streets, const Polygon& area);
/// Where a PointOrName key points: the point, or the middle of the place, station or street.
std::optional<Vec2> find_spot(Reading& reading, Section& section, std::string_view key);
std::optional<SignalId> find_signal(Reading& reading, Section& section, std::string_view key);

/// For each edge, edges a vehicle of the class can go on to.
std::vector<std::vector<std::uint32_t>> successors_for(const StreetNetwork& streets,
                                                       VehicleClass c);
/// Edges reached from `from` over edges that are not closed.
std::vector<std::uint8_t> reached_edges(const std::vector<std::vector<std::uint32_t>>& successors,
                                        const std::vector<EdgeId>& from,
                                        const std::vector<std::uint8_t>& is_closed);

// Times.
Groups read_groups(Section& owner);
DepartureProfile read_departure(Section& owner, std::string_view key, Reading& reading);
Duration read_duration(Section& owner, std::string_view key);
std::vector<GateId> find_gates(Reading& reading, Section& section, std::string_view key);
/// The journey that a key names, if any.
JourneyId find_journey(Reading& reading, Section& section, std::string_view key);
/// The change that a table of the group `action` (or one that includes it) describes.
struct Action {
    Change what;
    std::string text;
};
std::optional<Action> read_action(Section& section, Reading& reading);
std::optional<Action> read_barrier_switch(Section& section, Reading& reading);
std::optional<Action> read_release(Section& section, Reading& reading);
std::optional<Action> read_evacuation(Section& section, Reading& reading);
std::optional<Action> read_message(Section& section, Reading& reading);
std::optional<Action> read_post(Section& section, Reading& reading);
std::optional<Action> read_lift(Section& section, Reading& reading);
std::optional<Action> read_one_way(Section& section, Reading& reading);

/// The gates a visitor passes, entrance first; none where they form a loop.
std::vector<GateId> chain_of(const Scenario& scenario, GateId entrance);

/// What is closed at a moment and never opened again: nobody can wait for it.
struct Barred {
    std::vector<VehicleClasses> edges; ///< classes shut out
    std::vector<std::uint8_t> triangles;
};
Barred barred_at(const Reading& reading, double at_s);

} // namespace veste::scenario_file
