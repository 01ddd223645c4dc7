#include "pedestrians/crowd.hpp"

#include "base/parallel.hpp"

#include <algorithm>

namespace veste {

void Crowd::build(const Pedestrians& people, std::span<const std::uint32_t> present) {
    constexpr std::size_t grain = 2048;
    cell_of_.resize(present.size());
    slot_of_.resize(present.size());
    sorted_.resize(present.size());
    x_m_.resize(present.size() + lane_count);
    y_m_.resize(present.size() + lane_count);
    parallel_for(present.size(), grain, [&](std::size_t k) {
        cell_of_[k] = cells_->at(people.x_m[present[k]], people.y_m[present[k]]);
    });
    // Counts stand two cells on; summed up they are the starts of the next cell, and once every
    // person has a slot they have become its own.
    starts_.assign(cells_->size() + 2, 0u);
    for (const std::uint32_t cell : cell_of_) {
        ++starts_[cell + 2];
    }
    for (std::size_t c = 2; c < starts_.size(); ++c) {
        starts_[c] += starts_[c - 1];
    }
    for (std::size_t k = 0; k < present.size(); ++k) {
        slot_of_[k] = starts_[cell_of_[k] + 1]++;
    }
    parallel_for(present.size(), grain, [&](std::size_t k) {
        const std::uint32_t i = present[k];
        const bool is_walking = people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Walking);
        const Vec2 ahead = people.corner(i) - people.position(i);
        const double ahead_m = ahead.norm();
        const bool faces = is_walking && ahead_m > 1e-6;
        const std::uint32_t place = slot_of_[k];
        x_m_[place] = static_cast<float>(people.x_m[i] - cells_->corner().x());
        y_m_[place] = static_cast<float>(people.y_m[i] - cells_->corner().y());
        Person& person = sorted_[place];
        person.look = {faces ? static_cast<float>(ahead.x() / ahead_m) : 0.0F,
                       faces ? static_cast<float>(ahead.y() / ahead_m) : 0.0F, people.radius_m[i],
                       people.speed_mps[i]};
        person.course = {people.steer_x_m[i], people.steer_y_m[i], people.velocity_x_mps[i],
                         people.velocity_y_mps[i]};
        person.x_m = people.x_m[i];
        person.y_m = people.y_m[i];
        person.id = i;
        person.triangle = people.triangle[i];
        person.levels = cells_->levels(people.triangle[i]);
        person.is_waiting = is_walking ? 0.0F : 1.0F;
    });
}

} // namespace veste
