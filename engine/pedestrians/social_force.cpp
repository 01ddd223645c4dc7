#include "pedestrians/operational.hpp"

#include <algorithm>
#include <cmath>

namespace veste {
namespace {

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

} // namespace

Vec2 forced_velocity(const Intention& walker, const Crowd& crowd, double dt_s, double mass_kg,
                     const SocialForce& model, double& contact_n) {
    constexpr double felt_ranges = 10.0; // beyond, e^-10 of the social force is left
    constexpr double most_factor = 1.3;  // of the free speed: Helbing, Molnar 1995, equation 9
    const double reach_m = 3.0 * walker.radius_m + felt_ranges * model.social_range_m;
    Surroundings around;
    look_around(walker, crowd, reach_m, reach_m, around);
    Forces forces;
    for (std::size_t k = 0; k < around.count; ++k) {
        const Crowd::Person& other = *around.people[k];
        const auto distance_m = std::max(static_cast<double>(around.distance_m[k]), 1e-3);
        const Vec2 away(-static_cast<double>(around.dx_m[k]), -static_cast<double>(around.dy_m[k]));
        const Vec2 velocity(static_cast<double>(other.velocity_x_mps),
                            static_cast<double>(other.velocity_y_mps));
        add_body(away, distance_m, walker.radius_m + static_cast<double>(other.radius_m),
                 velocity - walker.velocity, model, forces);
    }
    for (const NearWall& near : around.near_walls()) {
        if (near.distance_m > 1e-6) {
            add_body(near.away, near.distance_m, walker.radius_m, -walker.velocity, model, forces);
        }
    }
    contact_n = forces.contact_n;
    const Vec2 wish = walker.free_speed_mps * walker.direction;
    const Vec2 velocity = walker.velocity + dt_s * ((wish - walker.velocity) / model.relaxation_s +
                                                    forces.sum_n / mass_kg);
    const double most_mps = most_factor * std::max(walker.free_speed_mps, 1.0);
    const double speed_mps = velocity.norm();
    return speed_mps > most_mps ? Vec2(velocity * (most_mps / speed_mps)) : velocity;
}

} // namespace veste
