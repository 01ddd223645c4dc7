#pragma once
#include "city/conditions.hpp"
#include "pedestrians/closures.hpp"
#include "pedestrians/effects.hpp"
#include "pedestrians/navigation.hpp"
#include "pedestrians/pedestrians.hpp"
#include "pedestrians/route_views.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

/// What people know of the ways: closed streets and areas, barriers and flooded ground.
namespace veste {

/// True for those who hear of every change at once, as by radio or an app; a group is informed as
/// its first member is. See Profile::informed_share.
bool is_informed(const Scenario& scenario, const Pedestrians& people, std::size_t i);

/// Keeps what people believe and gives Navigation a view of the ground for each belief and outlook
/// that anyone has. Who is not informed learns of a closure on seeing its edge (or, where it was
/// opened again, that it is gone) from within Walking::sight_m in line of sight over the mesh,
/// looked at about once a second; or when told by an order. Whoever sees water deeper than 0.1 m
/// (ankles; our assumption) knows all the water there is. Groups share what they know.
class Knowledge {
public:
    Knowledge(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario,
              Navigation& navigation);

    /// Takes over the ground as it is: `known`, slowed by crowds where `expected` is. To be called
    /// when either changed.
    void set_ground(Pedestrians& people, const Conditions& known, WalkGround expected);
    /// Takes over the barriers as they are; the same.
    void set_barriers(Pedestrians& people);
    /// Lets the people listed look around; to be called about once a second, after the ground was
    /// taken over.
    void look_around(Pedestrians& people, std::span<const std::uint32_t> present);
    /// The person is told how things are.
    void tell(Pedestrians& people, std::size_t i) const;
    /// True where the person sees the place.
    bool is_seen(const Pedestrians& people, std::size_t i, const Vec2& place) const;

private:
    /// A point at the edge of ground that may be closed, or of a barrier.
    struct Landmark {
        std::int32_t row;
        std::int32_t column;
        Vec2 at;
        Beliefs bit;
        bool is_closed;
    };

    Beliefs truth_now(const Pedestrians& people) const;
    void find_landmarks(const Pedestrians& people);
    void add_edge(std::uint32_t triangle, std::size_t side, Beliefs bit, bool is_closed);
    void add_edges_of(const std::vector<std::uint8_t>& marks, Beliefs bit);
    void take_over(Pedestrians& people);
    void inform(Pedestrians& people) const;
    Beliefs seen_bits(const Pedestrians& people, std::size_t i, Beliefs wrong) const;
    void learn(Pedestrians& people, std::size_t i, Beliefs bits) const;
    RouteGround ground_as_believed(Beliefs believes, std::uint8_t outlook) const;
    std::vector<std::uint8_t> shut_as_believed(Beliefs believes) const;

    std::shared_ptr<const City> city_;
    std::shared_ptr<const Scenario> scenario_;
    Navigation& navigation_;
    RouteViews views_;
    ClosuresByBit closures_;
    std::vector<Beliefs> is_listed_; ///< bits of each triangle
    // as it is now
    WalkGround expected_;
    std::vector<float> dry_factor_; ///< as expected, without water; empty where there is none
    std::vector<std::uint8_t> is_hazardous_;
    std::vector<std::uint8_t> is_closed_;
    std::vector<std::uint8_t> is_wet_;
    std::vector<std::uint8_t> is_dark_;
    std::vector<std::uint8_t> barrier_up_;
    std::vector<Landmark> landmarks_; ///< by row and column of squares as wide as sight
    Beliefs truth_ = 0;               ///< bits where anything is closed
    bool has_dark_ = false;
    bool has_ground_ = false;
    bool is_new_ = false; ///< since people looked around last
};

} // namespace veste
