#include "base/parallel.hpp"
#include "pedestrians/crossings.hpp"
#include "pedestrians/model.hpp"
#include "pedestrians/movement.hpp"
#include "pedestrians/persons.hpp"

#include <algorithm>
#include <cmath>

namespace veste {
namespace {

constexpr std::size_t grain = 256;
constexpr double least_progress_mps = 0.05; ///< who comes on more slowly is held up
constexpr double recovery = 2.0;            ///< forgets so much faster than it adds up
constexpr double kept_corner_m = 3.0;       ///< nearer corners are looked up in each triangle

/// By what the time held up changes in a second: who wavers to and fro does not come on, since
/// steps back weigh as much as steps forward; who waits at a kerb is not held up.
double held_change(const Vec2& walked, const Vec2& ahead, double dt_s, bool waits_at_kerb) {
    const double progress =
        walked.dot(ahead) / (least_progress_mps * dt_s * std::max(ahead.norm(), 1e-6));
    return waits_at_kerb ? -recovery : std::clamp(1.0 - progress, -recovery, 1.0 + recovery);
}

} // namespace

/// The time held up, from 0 to what makes people press with all their might and a quarter more.
double PedestrianModel::Implementation::held_at_most_s(const Walker& walker, double held_s) const {
    constexpr double more = 1.25;
    const double pressing_s = own_parameters(walker).pressing_s;
    if (held_s <= more * pressing_s) {
        return std::max(0.0, held_s);
    }
    return std::min(held_s, more * (profile_of(*scenario, walker.profile).patience_s + pressing_s));
}

/// Carries one person as wished.
void PedestrianModel::Implementation::move_one(Walker& walker, Crowd::Person& person,
                                               const Conditions& conditions, double dt_s) const {
    const WalkMesh& mesh = city->walk;
    const Vec2 from(person.x_m, person.y_m);
    const Vec2 wish(static_cast<double>(walker.wish_x_mps), static_cast<double>(walker.wish_y_mps));
    const auto held_s = static_cast<double>(walker.held_s);
    if (wish.squaredNorm() == 0.0) {
        person.look.pace_mps = 0.0F;
        person.course.velocity_x_mps = 0.0F;
        person.course.velocity_y_mps = 0.0F;
        walker.walked_m = 0.0F;
        walker.held_s = static_cast<float>(held_at_most_s(walker, held_s + dt_s));
        return;
    }
    std::uint32_t refused_crossing = CrossingId::none;
    std::uint8_t way_side = walker.way_side;
    const auto passage = [&](std::uint32_t t, std::uint32_t next) {
        if ((ground.is_barred[next] != 0 && ground.is_barred[t] == 0) ||
            !may_enter(mesh, t, next) || navigation.is_shut(t, next)) {
            return Passage::Wall;
        }
        const CrossingId crossing = mesh.triangles[next].crossing;
        if (!crossing.is_valid() || crossing == mesh.triangles[t].crossing ||
            may_step_on(city->streets.crossings[crossing.index], crossing.index, conditions,
                        static_cast<double>(walker.free_speed_mps * ground.factor[next]),
                        static_cast<double>(walker.kerb_waiting_s))) {
            way_side = navigation.side_after(walker.route, t, next, way_side);
            return Passage::Free;
        }
        refused_crossing = crossing.index;
        return Passage::Kerb;
    };
    const StepEnd end = walk_step(mesh, person.triangle, from, wish * dt_s, passage);
    const Vec2 walked = end.at - from;
    const double walked_m = walked.norm();
    const Vec2 ahead = walker.corner() - from;
    const bool waits_at_kerb = refused_crossing != CrossingId::none;
    walker.held_s = static_cast<float>(
        held_at_most_s(walker, held_s + dt_s * held_change(walked, ahead, dt_s, waits_at_kerb)));
    person.x_m = end.at.x();
    person.y_m = end.at.y();
    person.look.pace_mps = static_cast<float>(walked_m / dt_s);
    walker.walked_m = static_cast<float>(walked_m);
    person.course.velocity_x_mps = static_cast<float>(walked.x() / dt_s);
    person.course.velocity_y_mps = static_cast<float>(walked.y() / dt_s);
    if (end.triangle != person.triangle) {
        // Who keeps to the way goes on to the same corner, until it is near.
        const bool keeps_to_way = (way_side & Navigation::not_meant) == 0 &&
                                  ahead.squaredNorm() > kept_corner_m * kept_corner_m;
        walker.steer_until_s = keeps_to_way ? walker.steer_until_s : 0.0F;
        person.triangle = end.triangle;
        walker.way_side = way_side;
    }
    if (waits_at_kerb) {
        walker.kerb_waiting_s += static_cast<float>(dt_s);
        walker.kerb = refused_crossing;
    } else if (walker.kerb != CrossingId::none) {
        walker.kerb_waiting_s = 0.0F;
        walker.kerb = CrossingId::none;
    }
}

void PedestrianModel::Implementation::move(const Conditions& conditions, double dt_s) {
    const auto everyone = crowd.everyone();
    parallel_for(everyone.size(), grain,
                 [&](std::size_t k) { move_one(walkers[k], everyone[k], conditions, dt_s); });
}

} // namespace veste
