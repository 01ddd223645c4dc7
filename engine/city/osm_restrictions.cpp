#include "city/street_graph.hpp"

#include <algorithm>
#include <map>

namespace veste {
namespace {

constexpr VehicleClasses motor_and_bus = bit(VehicleClass::Car) | bit(VehicleClass::Van) |
                                         bit(VehicleClass::Truck) | bit(VehicleClass::Bus) |
                                         bit(VehicleClass::Emergency);

unsigned classes_named(const std::string& name) {
    if (name == "bicycle") {
        return bit(VehicleClass::Bicycle);
    }
    if (name == "hgv") {
        return bit(VehicleClass::Truck);
    }
    if (name == "goods") {
        return bit(VehicleClass::Van);
    }
    if (name == "psv" || name == "bus") {
        return bit(VehicleClass::Bus);
    }
    if (name == "motorcar") {
        return bit(VehicleClass::Car);
    }
    if (name == "emergency") {
        return bit(VehicleClass::Emergency);
    }
    return name == "motor_vehicle" ? unsigned{motor_and_bus} : 0U;
}

struct Restriction {
    std::string kind; ///< "no_left_turn" ...
    VehicleClasses classes = 0;
};

/// The rule of a relation, with the classes it holds for; an empty kind where it is none of ours.
Restriction restriction_of(const Tags& tags) {
    Restriction rule;
    if (tag(tags, "type") != "restriction" && !tag(tags, "type").starts_with("restriction:")) {
        return rule;
    }
    unsigned classes = all_vehicle_classes;
    rule.kind = tag(tags, "restriction");
    if (rule.kind.empty()) {
        for (const char* name :
             {"motorcar", "motor_vehicle", "hgv", "goods", "bus", "psv", "bicycle"}) {
            const std::string& own = tag(tags, std::string("restriction:") + name);
            if (!own.empty()) {
                rule.kind = own;
                classes = classes_named(name);
                break;
            }
        }
    }
    std::string except = tag(tags, "except") + ";";
    std::size_t begin = 0;
    for (std::size_t end = except.find(';'); end != std::string::npos;
         end = except.find(';', begin)) {
        classes &= ~classes_named(except.substr(begin, end - begin));
        begin = end + 1;
    }
    rule.classes = static_cast<VehicleClasses>(classes);
    return rule;
}

struct Members {
    std::vector<std::int64_t> from, to, via_ways;
    std::int64_t via_node = 0;
};

Members members_of(const OsmRelation& relation) {
    Members members;
    for (const OsmMember& m : relation.members) {
        if (m.type == 'w' && m.role == "from") {
            members.from.push_back(m.id);
        } else if (m.type == 'w' && m.role == "to") {
            members.to.push_back(m.id);
        } else if (m.type == 'w' && m.role == "via") {
            members.via_ways.push_back(m.id);
        } else if (m.type == 'n' && m.role == "via") {
            members.via_node = m.id;
        }
    }
    return members;
}

/// Back along the other carriageway where a dual one divides: no driver means that.
bool turns_back_at_fork(const RawEdge& in, const RawEdge& out) {
    constexpr double back_cosine = -0.9;
    const bool is_dual = in.opposite == no_index && out.opposite == no_index &&
                         in.highway == out.highway && !in.name.empty() && in.name == out.name;
    const std::size_t n = in.line.size();
    const Vec2 arriving = (in.line[n - 1] - in.line[n - 2]).normalized();
    const Vec2 leaving = (out.line[1] - out.line[0]).normalized();
    return is_dual && arriving.dot(leaving) < back_cosine;
}

bool holds(const std::vector<std::int64_t>& list, std::int64_t id) {
    return std::find(list.begin(), list.end(), id) != list.end();
}

/// Classes that may not go from one edge into the next, by a rule over a node.
void forbid(StreetGraph& graph, const Restriction& rule, const Members& members,
            std::uint32_t via) {
    const bool is_only = rule.kind.starts_with("only_");
    const RawStreets& raw = graph.raw;
    for (RawMovement& m : graph.raw.movements) {
        if (raw.edges[m.from].to != via || !holds(members.from, raw.edges[m.from].osm_way)) {
            continue;
        }
        const bool is_named = holds(members.to, raw.edges[m.to].osm_way);
        const bool is_back = raw.edges[m.from].opposite == m.to;
        // Where both ends of the way named lie at the node, a turn is not a turn back.
        const bool is_meant = is_named && (!is_back || members.from == members.to);
        if (is_only ? !is_named : is_meant) {
            m.allowed = static_cast<VehicleClasses>(m.allowed & ~rule.classes);
        }
    }
}

/// Every way on at every node, but for turning back.
std::vector<RawMovement> movements_of(const RawStreets& raw) {
    std::vector<std::vector<std::uint32_t>> leaving(raw.nodes.size());
    for (std::uint32_t e = 0; e < raw.edges.size(); ++e) {
        leaving[raw.edges[e].from].push_back(e);
    }
    std::vector<RawMovement> movements;
    for (std::uint32_t e = 0; e < raw.edges.size(); ++e) {
        for (const std::uint32_t next : leaving[raw.edges[e].to]) {
            const auto set =
                static_cast<VehicleClasses>(classes_of(raw.edges[e]) & classes_of(raw.edges[next]));
            const bool is_back = leaving[raw.edges[e].to].size() > 1 &&
                                 turns_back_at_fork(raw.edges[e], raw.edges[next]);
            if (next != raw.edges[e].opposite && set != 0 && !is_back) {
                movements.push_back({e, next, set});
            }
        }
    }
    return movements;
}

} // namespace

void read_movements(const OsmData& osm, StreetGraph& graph) {
    RawStreets& raw = graph.raw;
    raw.movements = movements_of(raw);
    std::map<std::int64_t, std::uint32_t> node_of;
    for (std::uint32_t n = 0; n < raw.nodes.size(); ++n) {
        for (const std::int64_t id : raw.nodes[n].osm_ids) {
            node_of[id] = n;
        }
    }
    for (const OsmRelation& relation : osm.relations) {
        const Restriction rule = restriction_of(relation.tags);
        const Members members = members_of(relation);
        const bool is_rule = rule.kind.starts_with("no_") || rule.kind.starts_with("only_");
        if (!is_rule || members.from.empty() || members.to.empty()) {
            continue;
        }
        if (!members.via_ways.empty()) {
            if (rule.kind.starts_with("no_")) {
                graph.via_way_rules.push_back(
                    {members.from.front(), members.to.front(), members.via_ways, rule.classes});
            } else {
                ++graph.unsupported_restrictions;
            }
        } else if (const auto via = node_of.find(members.via_node); via != node_of.end()) {
            forbid(graph, rule, members, via->second);
            ++graph.restrictions;
        }
    }
    std::erase_if(raw.movements, [](const RawMovement& m) { return m.allowed == 0; });
}

} // namespace veste
