#include "pedestrians/operational.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace veste {
namespace {

constexpr float far_m = 1e6F; ///< nobody is there

struct Forces {
    Vec2 sum_n{0.0, 0.0};
    double contact_n = 0.0;
};

/// Social repulsion, and where bodies touch their elastic force and sliding friction (equations 2
/// and 3). `away`: from the other to the walker; `slip`: the other's velocity less the walker's.
void add_body(const Vec2& away, double distance_m, double touching_m, const Vec2& slip,
              const SocialForce& model, Forces& forces) {
    const Vec2 normal = away / distance_m;
    const double overlap_m = touching_m - distance_m;
    const double social_n =
        model.social_strength_n * std::exp(std::min(overlap_m, touching_m) / model.social_range_m);
    forces.sum_n += social_n * normal;
    if (overlap_m > 0.0) {
        const Vec2 tangent(-normal.y(), normal.x());
        const double body_n = model.body_n_per_m * overlap_m;
        forces.sum_n += body_n * normal;
        forces.sum_n += model.friction_kg_per_ms * overlap_m * slip.dot(tangent) * tangent;
        forces.contact_n += body_n;
    }
}

Vec2 forced_velocity(const Intention& walker, const Surroundings& around, double dt_s,
                     double& contact_n) {
    constexpr double most_factor = 1.3; // of the free speed: Helbing, Molnar 1995, equation 9
    const SocialForce& model = walker.profile->social_force;
    Forces forces;
    for (const FourInSight& four : around.fours) {
        for (std::size_t lane = 0; lane < lane_count && four.distance_m[lane] < far_m; ++lane) {
            const Crowd::Person& other = *four.people[lane];
            const auto distance_m = std::max(static_cast<double>(four.distance_m[lane]), 1e-3);
            const Vec2 velocity(static_cast<double>(other.course.velocity_x_mps),
                                static_cast<double>(other.course.velocity_y_mps));
            add_body(-four.offset_m(lane), distance_m,
                     walker.radius_m + static_cast<double>(other.look.radius_m),
                     velocity - walker.velocity, model, forces);
        }
    }
    for (const NearWall& near : around.walls) {
        if (near.distance_m > 1e-6) {
            add_body(near.away, near.distance_m, walker.radius_m, -walker.velocity, model, forces);
        }
    }
    contact_n = forces.contact_n;
    const Vec2 wish = walker.free_speed_mps * walker.direction;
    const Vec2 velocity = walker.velocity + dt_s * ((wish - walker.velocity) / model.relaxation_s +
                                                    forces.sum_n / walker.profile->mass_kg);
    const double most_mps = most_factor * std::max(walker.free_speed_mps, 1.0);
    const double speed_mps = velocity.norm();
    return speed_mps > most_mps ? Vec2(velocity * (most_mps / speed_mps)) : velocity;
}

} // namespace

double social_force_step_s(const Profile& profile) {
    constexpr double longest_s = 0.01;
    constexpr double deepest_overlap_m = 0.025;
    const SocialForce& model = profile.social_force;
    const double elastic_s = 2.0 / std::sqrt(6.0 * model.body_n_per_m / profile.mass_kg);
    const double sliding_s = profile.mass_kg / (model.friction_kg_per_ms * deepest_overlap_m);
    return std::min({longest_s, elastic_s, sliding_s});
}

void forced_velocities(std::span<const Intention> walkers, const Crowd& crowd, double dt_s,
                       std::span<Vec2> velocities, std::span<double> contact_n) {
    constexpr double felt_ranges = 10.0; // beyond, e^-10 of the social force is left
    thread_local Sights sights(decided_together);
    thread_local std::array<Surroundings, decided_together> around;
    sights.clear();
    for (std::size_t n = 0; n < walkers.size(); ++n) {
        const double reach_m = 3.0 * walkers[n].radius_m +
                               felt_ranges * walkers[n].profile->social_force.social_range_m;
        around[n] = sights.look_around(walkers[n], crowd, reach_m, reach_m);
    }
    for (std::size_t n = 0; n < walkers.size(); ++n) {
        velocities[n] = forced_velocity(walkers[n], around[n], dt_s, contact_n[n]);
    }
}

} // namespace veste
