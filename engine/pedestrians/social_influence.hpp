#pragma once
#include "city/walk_mesh.hpp"
#include "pedestrians/pedestrians.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace veste {

/// Where the people go whom one sees: exits draw more people the more are seen to head there
/// (Lovreglio, Fonzone, dell'Olio 2016; Kinateder and others 2014).
///
/// People who stand within one square of 4 m and see each other's first are a cluster. All of a
/// cluster see what its first member sees: those clusters whose first member is within sight, in
/// line of sight over the mesh. That is as fine as a glance at a crowd, and costs as much as there
/// are clusters, not people (our simplification).
class Headings {
public:
    Headings(const WalkMesh& mesh, double sight_m) : mesh_(mesh), sight_m_(sight_m) {}

    /// Takes over where everyone present is and goes; who has not chosen yet goes nowhere.
    void gather(const Pedestrians& people, std::span<const std::uint32_t> present);
    /// Share of the people whom i sees, without i, that head for the target; 0 where nobody is
    /// seen.
    double share(const Pedestrians& people, std::uint32_t i, std::uint32_t target);

private:
    /// How many go where.
    struct Count {
        std::uint32_t people = 0;
        std::map<std::uint32_t, std::uint32_t> by_target;

        void add(const Count& other);
    };
    struct Cluster {
        std::uint32_t first; ///< id of the person by whose eyes it sees
        Count own;
        Count seen;
        bool has_looked = false;
    };
    using Square = std::pair<std::int32_t, std::int32_t>; ///< row and column

    Square square_of(const Pedestrians& people, std::uint32_t i) const;
    bool sees(const Pedestrians& people, std::uint32_t i, std::uint32_t j) const;
    Cluster& cluster_for(const Pedestrians& people, std::uint32_t i);
    void look(const Pedestrians& people, Cluster& cluster);

    const WalkMesh& mesh_;
    double sight_m_;
    std::vector<Cluster> clusters_;
    std::map<Square, std::vector<std::uint32_t>> in_square_;
    std::vector<std::uint32_t> cluster_of_; ///< by id
};

/// True for someone who walks to their target by choice and not only by plan.
bool heads_for_target(const Pedestrians& people, std::size_t i);

} // namespace veste
