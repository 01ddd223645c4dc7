#pragma once
#include "pedestrians/crowd.hpp"

#include <array>
#include <limits>

namespace veste {

/// What one person wants at this moment, apart from everyone else.
struct Intention {
    std::uint32_t id = 0;
    Vec2 at{0.0, 0.0};
    Vec2 corner{0.0, 0.0};                                     ///< steered for
    Vec2 direction{1.0, 0.0};                                  ///< unit vector of the way there
    double free_speed_mps = 0.0;                               ///< on this ground
    double most_mps = std::numeric_limits<double>::infinity(); ///< where a place is near
    double radius_m = 0.2;
    double wall_gap_m = 0.2; ///< comes no nearer to a wall
    double squeezing = 0.0;  ///< 0 to 1: held up for long, squeezes through
    double time_gap_s = 1.0;
    std::uint32_t triangle = 0;
    std::uint32_t levels = 0;
    bool yields = false;     ///< steps back out of a jam for a moment
    bool is_patient = false; ///< in a queue or being served: stands close to others
    bool is_in_file = false; ///< where nobody can pass, and goes on: see single_file.hpp
    Vec2 velocity{0.0, 0.0}; ///< walked in the last step
    const Profile* profile = nullptr;
};

/// A wall near a person, who stands on its inner side.
struct NearWall {
    const Wall* wall;
    Vec2 away;         ///< from the nearest point of the wall to the person
    double distance_m; ///< to that point
    double side_m;     ///< to the wall's line
    double along_m;    ///< of the foot on that line, from the wall's start
};

/// Four people in sight; nobodies, far away, fill up the last four.
struct FourInSight {
    std::array<const Crowd::Person*, lane_count> people;
    Lanes dx_m; ///< from the walker to the person
    Lanes dy_m;
    Lanes distance_m;

    /// Their looks, and courses, number by number.
    std::array<Lanes, 4> looks() const { return of(&Crowd::Person::look); }
    std::array<Lanes, 4> courses() const { return of(&Crowd::Person::course); }
    /// What a member of Crowd::Person is for each of the four.
    Lanes of(float Crowd::Person::*member) const {
        return Lanes([&](auto lane) { return people[lane]->*member; });
    }
    template <class Row> std::array<Lanes, 4> of(Row Crowd::Person::*row) const {
        return transposed(people[0]->*row, people[1]->*row, people[2]->*row, people[3]->*row);
    }
    Vec2 offset_m(std::size_t lane) const {
        return {static_cast<double>(dx_m[lane]), static_cast<double>(dy_m[lane])};
    }
};

/// People in sight of a walker and walls near by.
struct Surroundings {
    std::span<const FourInSight> fours;
    std::span<const NearWall> walls;
};

/// Room for the surroundings of a few walkers who decide together: what each sees is gathered for
/// all first, since many short steps side by side keep a processor busier than a long chain.
class Sights {
public:
    static constexpr std::size_t most_people = 96;
    static constexpr std::size_t most_walls = 24;
    static constexpr std::size_t most_fours = most_people / lane_count;

    explicit Sights(std::size_t walkers);

    void clear();
    /// Everyone within reach whom the walker sees: ahead, or at most `behind_m` away; on the
    /// walker's level and not behind a wall. The nearest walls within reach, first in the mesh's
    /// order. Holds until cleared; to be called for at most so many walkers as there is room for.
    Surroundings look_around(const Intention& walker, const Crowd& crowd, double reach_m,
                             double behind_m);

private:
    std::span<const NearWall> find_walls(const Intention& walker, std::span<const Wall> walls,
                                         double reach_m);

    std::vector<FourInSight> fours_;
    std::vector<NearWall> walls_;
    std::size_t fours_used_ = 0;
    std::size_t walls_used_ = 0;
};

} // namespace veste
