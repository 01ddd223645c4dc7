#include "traffic/junctions.hpp"

#include <algorithm>

namespace veste::traffic {
namespace {

/// A circle of waiting vehicles is let move after this long.
constexpr double circle_after_s = 5.0;
/// Their grants come after all others of a substep.
constexpr double first_ticket_s = 1e-3;

/// Whom a vehicle waits for: the first one at the stop line of him who stands where it needs room.
std::uint32_t waits_for(const Step& step, std::uint32_t i) {
    if (step.grants.waits_for[i] == none || step.standing_s(i) < circle_after_s) {
        return none;
    }
    const std::uint32_t line = step.next_line[step.grants.waits_for[i]];
    return line == none ? none : step.grants.first_at_line[line];
}

/// All of a circle go together, when lights and others let each of them; behind all who are
/// granted their paths.
bool try_to_move(const Step& step, const std::vector<std::uint32_t>& circle, double ticket_s) {
    std::vector<Candidate> candidates;
    for (const std::uint32_t i : circle) {
        candidates.push_back(candidate_of(step, i));
        const Candidate& c = candidates.back();
        if (!may_pass_lights(step, c) || !is_path_usable(step, c.vehicle, c.path) ||
            find_ticket(step, c, ticket_s) != ticket_s) {
            return false;
        }
    }
    for (const Candidate& c : candidates) {
        grant(step, c, ticket_s);
        ticket_s += between_tickets_s;
    }
    return true;
}

} // namespace

void let_circles_move(const Step& step, std::vector<std::uint32_t>& visited) {
    std::fill(visited.begin(), visited.end(), none);
    double ticket_s = step.now_s + first_ticket_s;
    std::vector<std::uint32_t> circle;
    for (const std::uint32_t start : step.order.present) {
        std::uint32_t i = start;
        while (i != none && visited[i] == none) {
            visited[i] = start;
            i = waits_for(step, i);
        }
        if (i == none || visited[i] != start) {
            continue;
        }
        circle.assign(1, i);
        for (std::uint32_t j = waits_for(step, i); j != i; j = waits_for(step, j)) {
            circle.push_back(j);
        }
        if (try_to_move(step, circle, ticket_s)) {
            ticket_s += between_tickets_s * static_cast<double>(circle.size());
        }
    }
}

} // namespace veste::traffic
