#pragma once
#include "base/errors.hpp"
#include "city/cut_mesh.hpp"
#include "scenario/change.hpp"
#include "scenario/journey.hpp"
#include "scenario/walking_models.hpp"

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The Scenario: all that is given before a run, checked as a whole against a city. It holds no
/// state and never changes. Times are seconds since the start of the run.
namespace veste {

using ProfileId = Id<struct ProfileTag>;

/// An area that demands and events refer to by name.
struct Place {
    std::string name;
    Polygon area;                      ///< local metres
    std::vector<TriangleId> triangles; ///< walkable, inside the area, reachable
    std::vector<EdgeId> edges;         ///< streets whose middle lies inside the area
    bool is_exact = false;             ///< walkable ground is cut along the outline
};

/// A normal distribution cut at its least and its most value.
struct CutNormal {
    double mean = 0.0;
    double sd = 0.0;
    double least = 0.0;
    double most = 0.0;
};

/// How people of one kind walk.
struct Profile {
    std::string name;
    double free_speed_mean_mps = 1.34; ///< Weidmann 1993
    double free_speed_sd_mps = 0.26;
    double free_speed_min_mps = 0.58;
    double free_speed_max_mps = 2.0;
    std::optional<CutNormal> age; ///< years; then free speeds follow the curve by age
    double radius_m = 0.2;
    double radius_sd_m = 0.0;
    double time_gap_s = 0.42;    ///< fitted, see CollisionFreeSpeed
    double impaired_share = 0.0; ///< share with free speed 0.46 to 0.76 m/s (RiMEA R7)
    double patience_s = 4.0;     ///< held up for longer, they begin to squeeze; fitted
    double height_m = 1.71;      ///< an adult of Xia, Falconer, Wang, Xiao 2014
    double mass_kg = 68.7;
    double stairs_up_share = 0.455;   ///< of the free speed, Weidmann 1993: 0.610 of 1.34 m/s
    double stairs_down_share = 0.518; ///< 0.694 of 1.34 m/s
    double informed_share = 0.0;      ///< share who hear at once of every closure
    double avoids_dark_share = 0.0;   ///< share to whom the dark seems longer
    double familiar_share = 1.0;      ///< share who know a demand's other destinations
    TimeDistribution reaction;        ///< until they set off after the signal to do so
    WalkingModel model = WalkingModel::CollisionFreeSpeed;
    std::optional<CollisionFreeSpeed> collision_free; ///< none: the engine's own
    AnticipationVelocity anticipation;
    SocialForce social_force;
};

/// The kinds of people with ready numbers that a profile may begin from.
enum class ProfileKind : std::uint8_t { Adult, Child, Elderly, Wheelchair, Luggage, Impaired };

/// A profile with the published numbers of a kind; sources beside them.
Profile profile_of(ProfileKind kind);

/// People of a demand or an event who came together and stay so.
struct Groups {
    double share = 0.0; ///< of the people who walk in groups
    /// Weights of the sizes 2 to 6: a zero-truncated Poisson distribution of mean parameter 1.11
    /// (Moussaid and others 2010, figure 1, population B), of which those who walk alone and
    /// larger groups are left out.
    std::array<double, 5> size_weights = {0.616, 0.228, 0.063, 0.014, 0.003};
};

enum class DepartureShape : std::uint8_t { Uniform, Triangular, Normal };

/// When the agents of a demand start: between begin and end with the given shape (the normal one
/// has its mean in the middle and begin and end at two standard deviations, redrawn outside).
struct DepartureProfile {
    double begin_s = 0.0;
    double end_s = 0.0;
    DepartureShape shape = DepartureShape::Uniform;
};

/// How a demand's people come by one of several destinations.
enum class DestinationChoice : std::uint8_t {
    Weights,  ///< drawn by the weights
    Quickest, ///< the one they expect to reach first
};

/// How people on foot choose their ways.
struct Walking {
    double reroute_every_s =
        0.0; ///< crowds are measured anew so often; 0: they are not reckoned with
    double exit_spread_s = 5.0; ///< scale of the logit model of destinations; our assumption
    /// A destination to which all people in sight head seems so much nearer; shares in proportion.
    double social_influence_s = 0.0;
    double social_every_s = 5.0; ///< people look so often where the others go; our assumption
    /// Closures are seen from so far: an externally lit sign 0.3 m high, or one lit from inside of
    /// 0.15 m (EN 1838: 100 and 200 times its height).
    double sight_m = 30.0;
    double dark_detour = 2.0;    ///< a way in the dark seems so many times longer; our assumption
    double route_spread_m = 0.0; ///< of the felt length of a way of 100 m, see felt_lengths
    std::uint32_t tastes = 16;   ///< kinds of people who feel lengths alike
};

/// People who walk from one place to another and are then gone.
struct PedestrianDemand {
    std::string name;
    std::uint32_t count = 0;
    std::vector<Weighted<ProfileId>> profiles;
    std::vector<Weighted<PlaceId>> origins;
    std::vector<Weighted<PlaceId>> destinations;
    DepartureProfile departure;
    std::optional<VehicleService> arrivals; ///< they get off these, instead of by `departure`
    Groups groups;
    DestinationChoice destination_choice = DestinationChoice::Weights;
    double knows_places_share =
        1.0;           ///< share who know all destinations; the others keep to weights
    JourneyId journey; ///< what they do on the way, invalid: nothing
};

/// A gate or service point: people queue before it and are served one by one by each lane.
struct Gate {
    std::string name;
    Vec2 at;
    TriangleId triangle;
    double service_rate_per_s = 0.25; ///< people per second and lane: 1 / mean service time
    std::uint32_t lanes = 1;
    bool is_open = true; ///< at the start
    GateId next;         ///< gate to pass after this one, invalid: none
    TimeDistribution service{TimeShape::Exponential, 4.0}; ///< as long as the rate says
    Polyline queue_line; ///< where the queue stands, from the gate backwards; empty: a fan
};

/// A line that nobody steps over while it is up, or only in one direction.
struct Barrier {
    std::string name;
    Polyline line;               ///< as it is drawn
    std::vector<MeshSide> sides; ///< through which nobody leaves a triangle
    bool is_up = true;           ///< at the start
};

/// Makes a barrier of a line that the mesh was cut along. `towards`: this way people may pass.
Barrier barrier_along(const WalkMesh& mesh, const std::string& name, const Polyline& line,
                      const std::optional<Vec2>& towards);

/// The sides that nobody steps over while these are up, three bits for each triangle.
inline std::vector<std::uint8_t> shut_sides(const WalkMesh& mesh,
                                            const std::vector<Barrier>& barriers) {
    std::vector<std::uint8_t> shut(mesh.triangles.size(), 0);
    for (const Barrier& barrier : barriers) {
        for (const MeshSide& side : barrier.sides) {
            shut[side.triangle.index] |=
                static_cast<std::uint8_t>(barrier.is_up ? 1u << side.side : 0u);
        }
    }
    return shut;
}

/// An attraction with standing room: visitors arrive on foot, pass a gate, stand before the stage
/// until it is over, and leave.
struct Event {
    std::string name;
    PlaceId stage;              ///< the standing area
    Vec2 focus;                 ///< what visitors face and crowd towards
    std::uint32_t capacity = 0; ///< visitors inside at once
    std::uint32_t visitors = 0;
    std::vector<Weighted<ProfileId>> profiles;
    std::vector<GateId> gates; ///< none: free access
    std::vector<Weighted<PlaceId>> origins;
    std::vector<Weighted<PlaceId>> exits; ///< where visitors go afterwards
    DepartureProfile arrival;             ///< when visitors set out
    DepartureProfile egress;              ///< when visitors leave the stage
    Groups groups;
    JourneyId before; ///< done before the gates, invalid: nothing
    JourneyId after;  ///< done between stage and exit, invalid: nothing
};

struct VehicleDemand {
    std::string name;
    std::uint32_t count = 0;
    std::vector<Weighted<VehicleClass>> classes;
    std::vector<Weighted<EdgeId>> origins; ///< empty: any edge at the border of the city
    std::vector<Weighted<EdgeId>> destinations;
    DepartureProfile departure;
};

struct TimedValue {
    double at_s = 0.0;
    double value = 0.0;
};

/// Water that enters at a place (river, breach, burst main).
struct Inflow {
    std::string name;
    Polygon area;                      ///< spread evenly over its cells
    std::vector<TimedValue> flow_m3ps; ///< linear between the points, zero outside
};

struct Weather {
    std::vector<TimedValue> rain_mps; ///< each value holds from its time to the next (hyetograph)
    std::vector<Inflow> inflows;
    double cloud_cover = 0.0;   ///< 0 to 1, dims daylight
    bool is_border_open = true; ///< water may leave over the border of the city's ground
};

/// `when SENSOR above VALUE for DURATION do CHANGE`, judged on what the sensor reports.
struct Rule {
    std::string name;
    SensorId sensor;
    bool is_above = true;
    double threshold = 0.0;
    double duration_s = 0.0;
    std::string text;
    Change what;
};

/// A sensor that the scenario adds to those of the city.
/// (Sensors of the city come first in ids, then these.)
struct SensorNoise {
    double relative_sd = 0.05;
    double absolute_sd = 0.0;
};

/// A line that people are counted over, in each direction.
struct MeasurementLine {
    std::string name;
    Vec2 from{0.0, 0.0};
    Vec2 to{0.0, 0.0};
    std::int8_t level = 0; ///< people on others do not count
};

/// An area that density, speed and flow are measured in.
struct MeasurementArea {
    std::string name;
    Polygon area;
    std::int8_t level = 0;
    double cut_off_m = 1.0; ///< Voronoi cells reach no farther from a person
};

struct Outputs {
    double trajectories_every_s = 1.0;
    double rasters_every_s = 60.0;
    double signals_every_s = 5.0;
    double indicators_every_s = 60.0;
    bool trajectories = true;
    bool water = true;
    bool illuminance = true;
    bool heat_maps = false;
    double measures_every_s = 10.0;
    double voronoi_every_s = 10.0;
    double heat_maps_every_s = 2.0;
    double heat_cell_m = 1.0;
    double heat_threshold_per_m2 = 4.0;
    double raster_cell_m = 0.0; ///< 0: the terrain's cell size
    std::optional<Box2> area;   ///< rasters are cut to it
};

struct Steps {
    double tick_s = 1.0;
    double traffic_s = 0.5; ///< at most
    double pedestrians_s = 0.1;
};

struct Scenario {
    std::string name;
    std::string description;
    std::string text; ///< the file as it was read, then its bases
    std::filesystem::path file;
    std::vector<std::filesystem::path> inputs; ///< every file that was read for it
    std::string date = "2026-06-21";           ///< local calendar date, YYYY-MM-DD
    double start_of_day_s = 0.0;               ///< local clock time at the start, s after midnight
    double utc_offset_s = 0.0;
    double duration_s = 0.0;
    std::uint64_t seed = 1;
    Steps steps;
    bool has_flood = true; ///< false: no water is computed

    std::vector<Place> places;
    std::vector<Profile> profiles;
    Profile ordinary; ///< of people whose demand names none; its model is that of the others too
    Walking walking;
    std::vector<PedestrianDemand> pedestrians;
    std::vector<VehicleDemand> vehicles;
    std::vector<Gate> gates;
    std::vector<Barrier> barriers;
    std::vector<Journey> journeys;
    std::uint32_t holds = 0; ///< stages of all journeys that release people at a rate
    std::vector<Order> orders;
    std::vector<Event> events;
    Weather weather;
    std::vector<Sensor> sensors; ///< all: the city's, then the scenario's own
    SensorNoise noise;
    double sensor_interval_s = 60.0;
    std::vector<std::pair<SignalId, SignalPlan>> signal_plans; ///< the scenario's own
    std::vector<TimedChange> changes;                          ///< in time order
    std::vector<Rule> rules;
    /// From where to where emergency vehicles must get through: the route's travel time is
    /// reported.
    std::vector<std::pair<EdgeId, EdgeId>> emergency_routes;
    std::vector<MeasurementLine> measurement_lines;
    std::vector<MeasurementArea> measurement_areas;
    Outputs outputs;

    const Place& place(PlaceId id) const { return places[id.index]; }
    const Profile& profile(ProfileId id) const { return profiles[id.index]; }
};

/// The city named by a scenario file (its `city` key, relative to the file): a city file or a
/// recipe.
std::filesystem::path city_of_scenario(const std::filesystem::path& file);

/// Cuts the city's walk mesh along the barriers, places and closed polygons that the scenario
/// draws, so that whole triangles lie in them; to be done before it is loaded. Outlines that are
/// wrong are left to load_scenario to tell.
void cut_for_scenario(const std::filesystem::path& file, City& city);

/// Reads and checks a scenario against its city. Throws InputError that names every problem with
/// file, line, value and what would be right.
Scenario load_scenario(const std::filesystem::path& file, const City& city,
                       const WarningHandler& warn);

/// The documentation of every key (Markdown) and the JSON schema, from the description that the
/// reader itself uses.
std::string scenario_reference();
std::string scenario_json_schema();

} // namespace veste
