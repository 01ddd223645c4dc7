#include "pedestrians/queue_yard.hpp"

#include <algorithm>
#include <cmath>

namespace veste {
namespace {

constexpr double first_arc_m = 1.0;
constexpr double between_arcs_m =
    0.7; ///< 2.4 people per m²: a standing queue, level D of Fruin (1971)
constexpr double between_people_m = 0.6;
constexpr double half_fan_rad = 1.75;
constexpr double longest_arc_m = 80.0;
constexpr std::size_t most_places = 4000;
constexpr double wall_gap_m = 0.25;
constexpr double lane_width_m = 0.8;

/// True where no other gate is nearer (of two at one distance the first counts).
bool is_nearest_gate(const Scenario& scenario, GateId gate, const Vec2& p) {
    const double mine_m2 = (p - scenario.gates[gate.index].at).squaredNorm();
    for (std::size_t g = 0; g < scenario.gates.size(); ++g) {
        const double other_m2 = (p - scenario.gates[g].at).squaredNorm();
        if (g != gate.index && (other_m2 < mine_m2 || (other_m2 == mine_m2 && g < gate.index))) {
            return false;
        }
    }
    return true;
}

bool has_room(const Navigation& navigation, std::uint32_t triangle, const Vec2& p) {
    for (const Vec2& gap : {Vec2(wall_gap_m, 0.0), Vec2(-wall_gap_m, 0.0), Vec2(0.0, wall_gap_m),
                            Vec2(0.0, -wall_gap_m)}) {
        if (!navigation.is_in_sight(triangle, p, p + gap)) {
            return false;
        }
    }
    return true;
}

void add_servers(QueueYard& yard, const Gate& gate, const Vec2& onwards,
                 const Navigation& navigation) {
    const Vec2 aside(-onwards.y(), onwards.x());
    const std::uint32_t lanes = std::max(1u, gate.lanes);
    for (std::uint32_t lane = 0; lane < lanes; ++lane) {
        const double offset_m = lane_width_m * (lane - 0.5 * (lanes - 1.0));
        const Vec2 at = gate.at + offset_m * aside;
        std::uint32_t triangle = gate.triangle.index;
        const bool is_there = navigation.is_in_sight(gate.triangle.index, gate.at, at, &triangle);
        yard.servers.push_back(is_there ? at : gate.at);
        yard.server_triangles.push_back(is_there ? triangle : gate.triangle.index);
    }
}

} // namespace

QueueYard lay_out_yard(const City& city, const Scenario& scenario, GateId id, const Vec2& onwards,
                       const Navigation& navigation) {
    const Gate& gate = scenario.gates[id.index];
    QueueYard yard;
    add_servers(yard, gate, onwards, navigation);
    const auto try_place = [&](const Vec2& p) {
        std::uint32_t triangle = 0;
        if (is_nearest_gate(scenario, id, p) &&
            navigation.is_in_sight(gate.triangle.index, gate.at, p, &triangle) &&
            !city.walk.triangles[triangle].crossing.is_valid() &&
            has_room(navigation, triangle, p)) {
            yard.places.push_back(p);
            yard.place_triangles.push_back(triangle);
        }
    };
    const double line_m = gate.queue_line.size() < 2 ? 0.0 : length_m(gate.queue_line);
    for (double along_m = 0.0; along_m < line_m; along_m += between_people_m) {
        const Vec2 p = place_at(gate.queue_line, along_m).at;
        const std::int8_t level = city.walk.triangles[gate.triangle.index].level;
        const auto beside = city.walk.locate(p, level); // else on a stair that leads there
        if (const auto triangle = beside ? beside : city.walk.locate(p)) {
            yard.places.push_back(p);
            yard.place_triangles.push_back(triangle->index);
        }
    }
    if (!yard.places.empty()) {
        return yard;
    }
    const double back_rad = std::atan2(-onwards.y(), -onwards.x());
    bool is_leftwards = true;
    for (double arc_m = first_arc_m; arc_m < longest_arc_m && yard.places.size() < most_places;
         arc_m += between_arcs_m) {
        const int steps = static_cast<int>(half_fan_rad * arc_m / between_people_m);
        for (int k = -steps; k <= steps; ++k) {
            const double turn_rad = back_rad + (is_leftwards ? k : -k) * between_people_m / arc_m;
            try_place(gate.at + arc_m * Vec2(std::cos(turn_rad), std::sin(turn_rad)));
        }
        is_leftwards = !is_leftwards;
    }
    if (yard.places.empty()) {
        yard.places.push_back(gate.at);
        yard.place_triangles.push_back(gate.triangle.index);
    }
    return yard;
}

} // namespace veste
