#include "pedestrians/crossings.hpp"

#include <algorithm>

namespace veste {
namespace {

/// A vehicle in town can stop within this time: 13.9 m/s at 4 m/s² after 1 s takes 4.5 s of braking
/// but passes the crossing later than this only when it brakes already; nearer ones go first.
constexpr double zebra_gap_s = 2.5;
/// Who stands at a zebra or a green light this long steps out before slow vehicles as well.
constexpr double insisting_after_s = 8.0;
constexpr double insisting_gap_s = 1.0;
constexpr double startup_s = 3.0; ///< HCM 2010
// Who waits longer than this asks for less: first for no start-up time any more, and in the end for
// no more than vehicles need to stop for people who are on their way across (our assumption).
constexpr double patient_s = 30.0;
constexpr double impatient_s = 90.0;
constexpr double insistent_s = 180.0;

double uncontrolled_gap_s(double crossing_s, double waited_s) {
    const double impatience =
        std::clamp((waited_s - patient_s) / (impatient_s - patient_s), 0.0, 1.0);
    const double insistence =
        std::clamp((waited_s - impatient_s) / (insistent_s - impatient_s), 0.0, 1.0);
    const double gap_s = crossing_s + startup_s * (1.0 - impatience);
    return gap_s + insistence * std::min(0.0, zebra_gap_s - gap_s);
}

} // namespace

bool may_step_on(const Crossing& crossing, std::size_t index, const Conditions& conditions,
                 double walking_mps, double waited_s) {
    if (conditions.crossing_may_start[index] == 0) {
        return false;
    }
    const double vehicle_s = static_cast<double>(conditions.crossing_vehicle_s[index]);
    if (crossing.kind == CrossingKind::Uncontrolled) {
        const double crossing_s = (crossing.to - crossing.from).norm() / std::max(0.1, walking_mps);
        return vehicle_s >= uncontrolled_gap_s(crossing_s, waited_s);
    }
    return vehicle_s >= (waited_s > insisting_after_s ? insisting_gap_s : zebra_gap_s);
}

} // namespace veste
