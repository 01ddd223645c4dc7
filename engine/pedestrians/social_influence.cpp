#include "pedestrians/social_influence.hpp"

#include "pedestrians/sight.hpp"

#include <cmath>

namespace veste {
namespace {

constexpr double square_m = 4.0;

Vec2 place_of(const Pedestrians& people, std::uint32_t i) {
    return {people.x_m[i], people.y_m[i]};
}

} // namespace

bool heads_for_target(const Pedestrians& people, std::size_t i) {
    return people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Walking) &&
           people.choosing[i] != static_cast<std::uint8_t>(Choosing::NotYet);
}

void Headings::Count::add(const Count& other) {
    people += other.people;
    for (const auto& [target, count] : other.by_target) {
        by_target[target] += count;
    }
}

Headings::Square Headings::square_of(const Pedestrians& people, std::uint32_t i) const {
    return {static_cast<std::int32_t>(std::floor(people.y_m[i] / square_m)),
            static_cast<std::int32_t>(std::floor(people.x_m[i] / square_m))};
}

bool Headings::sees(const Pedestrians& people, std::uint32_t i, std::uint32_t j) const {
    const auto anywhere = [](std::uint32_t, std::uint32_t) { return true; };
    const TriangleId found = line_of_sight(mesh_, people.triangle[i], place_of(people, i),
                                           place_of(people, j), anywhere);
    return found.is_valid() &&
           mesh_.triangles[found.index].level == mesh_.triangles[people.triangle[j]].level;
}

/// The cluster of the person's square whose first member sees them; a new one where there is none.
Headings::Cluster& Headings::cluster_for(const Pedestrians& people, std::uint32_t i) {
    std::vector<std::uint32_t>& here = in_square_[square_of(people, i)];
    for (const std::uint32_t c : here) {
        if (sees(people, clusters_[c].first, i)) {
            cluster_of_[i] = c;
            return clusters_[c];
        }
    }
    cluster_of_[i] = static_cast<std::uint32_t>(clusters_.size());
    here.push_back(cluster_of_[i]);
    return clusters_.emplace_back(Cluster{i, {}, {}, false});
}

void Headings::gather(const Pedestrians& people, std::span<const std::uint32_t> present) {
    clusters_.clear();
    in_square_.clear();
    cluster_of_.resize(people.size());
    for (const std::uint32_t i : present) {
        Count& count = cluster_for(people, i).own;
        ++count.people;
        if (heads_for_target(people, i)) {
            ++count.by_target[people.target[i]];
        }
    }
}

void Headings::look(const Pedestrians& people, Cluster& cluster) {
    const auto reach = static_cast<std::int32_t>(std::ceil(sight_m_ / square_m));
    const auto [row, column] = square_of(people, cluster.first);
    const Vec2 at = place_of(people, cluster.first);
    for (std::int32_t r = row - reach; r <= row + reach; ++r) {
        auto square = in_square_.lower_bound({r, column - reach});
        for (; square != in_square_.end() && square->first <= Square{r, column + reach}; ++square) {
            for (const std::uint32_t c : square->second) {
                const std::uint32_t other = clusters_[c].first;
                const double away_m2 = (place_of(people, other) - at).squaredNorm();
                if (away_m2 <= sight_m_ * sight_m_ && sees(people, cluster.first, other)) {
                    cluster.seen.add(clusters_[c].own);
                }
            }
        }
    }
    cluster.has_looked = true;
}

double Headings::share(const Pedestrians& people, std::uint32_t i, std::uint32_t target) {
    Cluster& cluster = clusters_[cluster_of_[i]];
    if (!cluster.has_looked) {
        look(people, cluster);
    }
    if (cluster.seen.people <= 1) {
        return 0.0;
    }
    const auto found = cluster.seen.by_target.find(target);
    const std::uint32_t heading = found != cluster.seen.by_target.end() ? found->second : 0;
    const std::uint32_t own = heads_for_target(people, i) && people.target[i] == target ? 1 : 0;
    return static_cast<double>(heading - own) / static_cast<double>(cluster.seen.people - 1);
}

} // namespace veste
