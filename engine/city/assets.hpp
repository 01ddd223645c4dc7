#pragma once
#include "base/geometry.hpp"
#include "base/ids.hpp"
#include "city/street_network.hpp"

#include <string>
#include <vector>

namespace veste {

using LampId = Id<struct LampTag>;
using FeederId = Id<struct FeederTag>;
using SensorId = Id<struct SensorTag>;
using DrainId = Id<struct DrainTag>;

struct Lamp {
    Vec2 at;
    double height_m = 6.0;
    double flux_lm = 6000.0;
    FeederId feeder;
    bool is_assumed = false; ///< generated along a lit street, not known from data
    std::int64_t osm_id = 0;
    bool is_height_assumed = false;
    bool is_flux_assumed = false;
};

/// A part of the power grid that fails as one.
struct Feeder {
    std::string name;
    std::vector<Polygon> areas; ///< one or more
    bool is_assumed = false;
};

enum class SensorKind : std::uint8_t {
    CrowdCounter, ///< people within its range
    LoopDetector, ///< vehicles passing one edge
    WaterGauge,   ///< water depth at a point
    AirMonitor, ///< vehicles within its range: a stand-in for air quality, no emission is computed
};

struct Sensor {
    std::string name;
    SensorKind kind = SensorKind::CrowdCounter;
    Vec2 at{0.0, 0.0};
    double range_m = 30.0;
    EdgeId edge;          ///< loop detectors only
    double along_m = 0.0; ///< loop detectors only
    FeederId feeder;
    bool is_assumed = false;
    bool is_range_assumed = false;
};

/// A water gauge measures on the nearest open ground, not farther away than this.
constexpr double gauge_reach_m = 20.0;

/// An inlet into the sewer.
struct Drain {
    Vec2 at;
    double capacity_m3ps = 0.02;
    bool is_assumed = false;
    bool is_capacity_assumed = false;
};

enum class StationKind : std::uint8_t { Fire, Police, Ambulance, Hospital };

struct Station {
    std::string name;
    StationKind kind = StationKind::Fire;
    Vec2 at;
};

/// A traffic sign or guide sign known from data.
struct Sign {
    std::string text;
    Vec2 at;
};

struct Assets {
    std::vector<Lamp> lamps;
    std::vector<Feeder> feeders;
    std::vector<Sensor> sensors;
    std::vector<Drain> drains;
    std::vector<Station> stations;
    std::vector<Sign> signs;
    std::vector<FeederId> signal_feeder; ///< one for each signal
};

/// The feeder with an area that holds p, else the one with an area nearest to it; invalid where
/// there is none.
FeederId feeder_at(const std::vector<Feeder>& feeders, const Vec2& p);

} // namespace veste
