#include "city/walk_areas.hpp"

#include <cmath>

/// Areas of layers know their level, but no ways that lead from one level to another: people pass
/// where areas of two levels lie side by side, as a bridge's deck and the ground before it.
namespace veste {
namespace {

constexpr double step_m = 0.5;    ///< along a border
constexpr double aside_m = 0.2;   ///< to each side of it, wider than neighbours overlap
constexpr double narrow_m = 0.75; ///< people do not pass where less is open

/// Where the border of `own` has `other` outside and not inside: middles of the stretches.
std::vector<Vec2> common_borders(const Polygon& own, const Polygon& other) {
    std::vector<Vec2> middles;
    for (std::size_t k = 0; k < own.outer.size(); ++k) {
        const Vec2& a = own.outer[k];
        const Vec2& b = own.outer[(k + 1) % own.outer.size()];
        const double length = (b - a).norm();
        const int steps = std::max(1, static_cast<int>(std::ceil(length / step_m)));
        const Vec2 along = (b - a) / length;
        const Vec2 outwards(along.y(), -along.x());
        double begin_m = -1.0;
        for (int s = 0; s <= steps; ++s) {
            const double at_m = (s + 0.5) * length / steps;
            const Vec2 p = a + at_m * along;
            const bool is_common = s < steps && contains(other, p + aside_m * outwards) &&
                                   !contains(other, p - aside_m * outwards);
            if (is_common && begin_m < 0.0) {
                begin_m = at_m - 0.5 * length / steps;
            } else if (!is_common && begin_m >= 0.0) {
                const double end_m = at_m - 0.5 * length / steps;
                if (end_m - begin_m >= narrow_m) {
                    middles.push_back(a + 0.5 * (begin_m + end_m) * along);
                }
                begin_m = -1.0;
            }
        }
    }
    return middles;
}

} // namespace

std::vector<LevelLink> link_layer_areas(const std::vector<WalkArea>& areas) {
    std::vector<Box2> boxes;
    boxes.reserve(areas.size());
    for (const WalkArea& area : areas) {
        Box2 box = bounds_of(area.area.outer);
        box.low.array() -= aside_m;
        box.high.array() += aside_m;
        boxes.push_back(box);
    }
    std::vector<LevelLink> links;
    for (std::size_t i = 0; i < areas.size(); ++i) {
        for (std::size_t j = 0; j < areas.size(); ++j) {
            const bool is_structure = std::abs(areas[i].level) > std::abs(areas[j].level);
            if (!is_structure || !boxes[i].overlaps(boxes[j])) {
                continue;
            }
            for (const Vec2& at : common_borders(areas[i].area, areas[j].area)) {
                links.push_back({at, std::min(areas[i].level, areas[j].level),
                                 std::max(areas[i].level, areas[j].level)});
            }
        }
    }
    return links;
}

} // namespace veste
