#include "pedestrians/single_file.hpp"

#include <algorithm>
#include <limits>

namespace veste {
namespace {

/// Cosine between the ways of two above which one follows the other.
constexpr float follows_above = 0.3F;

} // namespace

double single_file_speed_mps(const Intention& walker, const View& view, const WalkCells& cells,
                             const CollisionFreeSpeed& model) {
    const auto ex = static_cast<float>(walker.direction.x());
    const auto ey = static_cast<float>(walker.direction.y());
    double least_mps = std::numeric_limits<double>::infinity();
    for (const FourInSight& four : view.fours) {
        for (std::size_t lane = 0; lane < lane_count; ++lane) {
            const Crowd::Person& other = *four.people[lane];
            const bool follows =
                other.look.facing_x * ex + other.look.facing_y * ey > follows_above;
            // Along the way, for which the mean of both directions stands: of two, one is ahead.
            const Vec2 way = Vec2(static_cast<double>(other.look.facing_x + ex),
                                  static_cast<double>(other.look.facing_y + ey));
            const double ahead_m = four.offset_m(lane).dot(way) / std::max(way.norm(), 1e-6);
            if (ahead_m > 0.0 && follows && cells.is_single_file(other.triangle)) {
                const double body_m = model.single_file_share *
                                      (walker.radius_m + static_cast<double>(other.look.radius_m));
                least_mps = std::min(least_mps, (ahead_m - body_m) / walker.time_gap_s);
            }
        }
    }
    return std::max(0.0, least_mps);
}

} // namespace veste
