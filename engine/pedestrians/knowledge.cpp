#include "pedestrians/knowledge.hpp"

#include "base/random.hpp"
#include "pedestrians/persons.hpp"
#include "pedestrians/sight.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace veste {
namespace {

constexpr float wet_from_m = 0.1F; ///< ankles
constexpr double apart_m = 4.0;    ///< landmarks on long edges

} // namespace

bool is_informed(const Scenario& scenario, const Pedestrians& people, std::size_t i) {
    const std::uint32_t leader = people.leader[i];
    return uniform01(scenario.seed, leader, 0, Draw::Informed) <
           profile_of(scenario, people, leader).informed_share;
}

Knowledge::Knowledge(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario,
                     Navigation& navigation)
    : city_(std::move(city)), scenario_(std::move(scenario)), navigation_(navigation),
      views_(navigation), closures_(closures_of(*scenario_)),
      is_listed_(city_->walk.triangles.size(), 0) {
    for (std::size_t bit = 0; bit < closure_bits; ++bit) {
        for (const std::uint32_t t : closures_.triangles[bit]) {
            is_listed_[t] |= bit_of(bit);
        }
    }
}

void Knowledge::set_ground(Pedestrians& people, const Conditions& known, WalkGround expected) {
    const std::size_t count = city_->walk.triangles.size();
    is_closed_ = known.walk_closed;
    is_hazardous_.resize(count);
    is_wet_.resize(count);
    is_dark_.resize(count);
    bool has_water = false;
    has_dark_ = false;
    for (std::size_t t = 0; t < count; ++t) {
        is_hazardous_[t] =
            hazard_rating(known.walk_depth_m[t], known.walk_water_mps[t]) >= hazard_for_most;
        is_wet_[t] = is_hazardous_[t] != 0 || known.walk_depth_m[t] >= wet_from_m;
        is_dark_[t] = known.walk_illuminance_lx[t] < dark_below_lx;
        has_water |= known.walk_depth_m[t] > 0.0F;
        has_dark_ |= is_dark_[t] != 0;
    }
    dry_factor_.clear();
    if (has_water) {
        dry_factor_ = expected.factor;
        for (std::size_t t = 0; t < count; ++t) {
            const double depth_m = known.walk_depth_m[t];
            dry_factor_[t] /= static_cast<float>(wading_factor(depth_m) *
                                                 flow_factor(depth_m, known.walk_water_mps[t]));
        }
    }
    expected_ = std::move(expected);
    take_over(people);
}

void Knowledge::set_barriers(Pedestrians& people) {
    if (has_ground_) {
        take_over(people);
    }
}

/// What is true now, and the views of those who know it or do not.
void Knowledge::take_over(Pedestrians& people) {
    barrier_up_ = people.barrier_up;
    const Beliefs truth = truth_now(people);
    if (has_ground_ && truth != truth_) {
        views_.keep_former(truth_);
    }
    truth_ = truth;
    has_ground_ = true;
    is_new_ = true;
    navigation_.set_ground(expected_);
    if (!scenario_->barriers.empty()) {
        navigation_.set_shut_sides(shut_as_believed(truth_));
    }
    find_landmarks(people);
    inform(people);
}

Beliefs Knowledge::truth_now(const Pedestrians& people) const {
    Beliefs truth = 0;
    for (std::size_t t = 0; t < is_closed_.size(); ++t) {
        truth |= is_wet_[t] != 0 ? water_bit : Beliefs{0};
        const Beliefs closed = is_listed_[t] != 0 ? is_listed_[t] : unlisted_bit;
        truth |= is_closed_[t] != 0 ? closed : Beliefs{0};
    }
    for (std::size_t bit = 0; bit < closure_bits; ++bit) {
        for (const std::uint32_t b : closures_.barriers[bit]) {
            truth |= people.barrier_up[b] != 0 ? bit_of(bit) : Beliefs{0};
        }
    }
    return truth;
}

void Knowledge::add_edge(std::uint32_t triangle, std::size_t side, Beliefs bit, bool is_closed) {
    const int k = static_cast<int>(side);
    const Vec2 a = city_->walk.corner(TriangleId(triangle), k);
    const Vec2 b = city_->walk.corner(TriangleId(triangle), (k + 1) % 3);
    const int parts = 1 + static_cast<int>((b - a).norm() / apart_m);
    const double cell_m = scenario_->walking.sight_m;
    for (int part = 0; part < parts; ++part) {
        const Vec2 at = a + (part + 0.5) / parts * (b - a);
        landmarks_.push_back({static_cast<std::int32_t>(std::floor(at.y() / cell_m)),
                              static_cast<std::int32_t>(std::floor(at.x() / cell_m)), at, bit,
                              is_closed});
    }
}

/// The sides between marked ground and what is not.
void Knowledge::add_edges_of(const std::vector<std::uint8_t>& marks, Beliefs bit) {
    const auto& triangles = city_->walk.triangles;
    for (std::uint32_t t = 0; t < marks.size(); ++t) {
        for (std::size_t k = 0; marks[t] != 0 && k < 3; ++k) {
            const TriangleId n = triangles[t].neighbours[k];
            if (n.is_valid() && marks[n.index] == 0) {
                add_edge(t, k, bit, is_closed_[t] != 0 || bit == water_bit);
            }
        }
    }
}

void Knowledge::find_landmarks(const Pedestrians& people) {
    landmarks_.clear();
    add_edges_of(is_wet_, water_bit);
    std::vector<std::uint8_t> marks(is_closed_.size());
    for (std::size_t t = 0; t < marks.size(); ++t) {
        marks[t] = is_closed_[t] != 0 && is_listed_[t] == 0;
    }
    add_edges_of(marks, unlisted_bit);
    for (std::size_t bit = first_listed; bit < closure_bits; ++bit) {
        if (!closures_.triangles[bit].empty()) {
            std::fill(marks.begin(), marks.end(), std::uint8_t{0});
            for (const std::uint32_t t : closures_.triangles[bit]) {
                marks[t] = 1;
            }
            add_edges_of(marks, bit_of(bit));
        }
        for (const std::uint32_t b : closures_.barriers[bit]) {
            for (const MeshSide& side : scenario_->barriers[b].sides) {
                add_edge(side.triangle.index, side.side, bit_of(bit), people.barrier_up[b] != 0);
            }
        }
    }
    std::stable_sort(landmarks_.begin(), landmarks_.end(),
                     [](const Landmark& a, const Landmark& b) {
                         return std::tie(a.row, a.column) < std::tie(b.row, b.column);
                     });
}

/// Those who hear of every change know it now; of water and unlisted closures that are gone nothing
/// is left to know.
void Knowledge::inform(Pedestrians& people) const {
    const auto gone = static_cast<Beliefs>((water_bit | unlisted_bit) & ~truth_);
    for (std::size_t i = 0; i < people.size(); ++i) {
        people.believes[i] &= static_cast<Beliefs>(~gone);
        if (people.believes[i] != truth_ && is_informed(*scenario_, people, i)) {
            tell(people, i);
        }
    }
}

void Knowledge::tell(Pedestrians& people, std::size_t i) const {
    learn(people, i, static_cast<Beliefs>(people.believes[i] ^ truth_));
}

void Knowledge::learn(Pedestrians& people, std::size_t i, Beliefs bits) const {
    const auto knows = static_cast<Beliefs>((people.believes[i] & ~bits) | (truth_ & bits));
    if (knows == people.believes[i]) {
        return;
    }
    people.believes[i] = knows;
    people.way_side[i] = no_way_side;
    people.steer_until_s[i] = 0.0F;
    if (people.choosing[i] == static_cast<std::uint8_t>(Choosing::Chosen)) {
        people.choosing[i] = static_cast<std::uint8_t>(Choosing::NotYet);
    }
}

bool Knowledge::is_seen(const Pedestrians& people, std::size_t i, const Vec2& place) const {
    const Vec2 at(people.x_m[i], people.y_m[i]);
    const double sight_m = scenario_->walking.sight_m;
    return (place - at).squaredNorm() <= sight_m * sight_m &&
           line_of_sight(city_->walk, people.triangle[i], at, place,
                         [](std::uint32_t, std::uint32_t) { return true; })
               .is_valid();
}

/// Which of the bits the person sees to be wrong.
Beliefs Knowledge::seen_bits(const Pedestrians& people, std::size_t i, Beliefs wrong) const {
    const double cell_m = scenario_->walking.sight_m;
    const auto row = static_cast<std::int32_t>(std::floor(people.y_m[i] / cell_m));
    const auto column = static_cast<std::int32_t>(std::floor(people.x_m[i] / cell_m));
    Beliefs seen = 0;
    for (std::int32_t r = row - 1; r <= row + 1; ++r) {
        auto landmark = std::lower_bound(
            landmarks_.begin(), landmarks_.end(), std::pair(r, column - 1),
            [](const Landmark& l, auto key) { return std::pair(l.row, l.column) < key; });
        for (; landmark != landmarks_.end() && landmark->row == r && landmark->column <= column + 1;
             ++landmark) {
            // Where some of what shares a bit is closed, only that tells of it.
            const bool tells = landmark->is_closed == ((truth_ & landmark->bit) != 0);
            if (tells && (landmark->bit & wrong & ~seen) != 0 && is_seen(people, i, landmark->at)) {
                seen |= landmark->bit;
            }
        }
    }
    return seen;
}

void Knowledge::look_around(Pedestrians& people, std::span<const std::uint32_t> present) {
    bool has_news = is_new_;
    for (const std::uint32_t i : present) {
        const auto wrong = static_cast<Beliefs>(people.believes[i] ^ truth_);
        if (wrong == 0 || !people.is_present(i)) {
            continue;
        }
        const Beliefs seen = seen_bits(people, i, wrong);
        const std::uint32_t leader = people.leader[i];
        for (std::size_t m = leader; seen != 0 && m < people.size() && people.leader[m] == leader;
             ++m) {
            learn(people, m, seen);
            has_news = true;
        }
    }
    if (has_news) {
        views_.assign(people, {truth_, has_dark_, is_new_},
                      [this](Beliefs believes, std::uint8_t outlook) {
                          return ground_as_believed(believes, outlook);
                      });
        is_new_ = false;
    }
}

RouteGround Knowledge::ground_as_believed(Beliefs believes, std::uint8_t outlook) const {
    const bool knows_water = (believes & water_bit) != 0 || dry_factor_.empty();
    std::vector<float> factor = knows_water ? expected_.factor : dry_factor_;
    std::vector<std::uint8_t> is_barred(factor.size(), 0);
    const std::vector<float> felt =
        felt_lengths(city_->walk, *scenario_, outlook / (2u * avoids_dark_bit));
    const auto detour = static_cast<float>(scenario_->walking.dark_detour);
    // Who still believes in what was opened again thinks all of it closed that ever was.
    const auto outdated = static_cast<Beliefs>(believes & ~truth_);
    for (std::size_t t = 0; t < factor.size(); ++t) {
        const Beliefs bits = is_listed_[t] != 0 ? is_listed_[t] : unlisted_bit;
        is_barred[t] = (is_hazardous_[t] != 0 && (believes & water_bit) != 0) ||
                       (is_closed_[t] != 0 && (believes & bits) != 0) ||
                       (outdated & is_listed_[t]) != 0;
        const bool is_avoided = (outlook & avoids_dark_bit) != 0 && is_dark_[t] != 0;
        factor[t] /= felt[t] * (is_avoided ? detour : 1.0F);
    }
    return {route_weights(factor), std::move(is_barred), shut_as_believed(believes)};
}

std::vector<std::uint8_t> Knowledge::shut_as_believed(Beliefs believes) const {
    if (scenario_->barriers.empty()) {
        return {};
    }
    const auto outdated = static_cast<Beliefs>(believes & ~truth_);
    std::vector<std::uint8_t> shut(city_->walk.triangles.size(), 0);
    const auto mark = [&](std::uint32_t b, bool is_believed) {
        for (const MeshSide& side : scenario_->barriers[b].sides) {
            shut[side.triangle.index] |=
                static_cast<std::uint8_t>(is_believed ? 1u << side.side : 0u);
        }
    };
    for (const std::uint32_t b : closures_.fences) {
        mark(b, barrier_up_[b] != 0);
    }
    for (std::size_t bit = 0; bit < closure_bits; ++bit) {
        for (const std::uint32_t b : closures_.barriers[bit]) {
            const bool is_believed = ((believes & bit_of(bit)) != 0 && barrier_up_[b] != 0) ||
                                     (outdated & bit_of(bit)) != 0;
            mark(b, is_believed);
        }
    }
    return shut;
}

} // namespace veste
