#include "city/street_tags.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

namespace veste {
namespace {

struct ClassOfStreet {
    std::string_view tag;
    Highway highway;
    bool is_link;
};

constexpr std::array<ClassOfStreet, 19> classes = {{
    {"motorway", Highway::Motorway, false},
    {"motorway_link", Highway::Motorway, true},
    {"trunk", Highway::Trunk, false},
    {"trunk_link", Highway::Trunk, true},
    {"primary", Highway::Primary, false},
    {"primary_link", Highway::Primary, true},
    {"secondary", Highway::Secondary, false},
    {"secondary_link", Highway::Secondary, true},
    {"tertiary", Highway::Tertiary, false},
    {"tertiary_link", Highway::Tertiary, true},
    {"unclassified", Highway::Unclassified, false},
    {"road", Highway::Unclassified, false},
    {"residential", Highway::Residential, false},
    {"living_street", Highway::LivingStreet, false},
    {"service", Highway::Service, false},
    {"busway", Highway::Service, false},
    {"pedestrian", Highway::Pedestrian, false},
    {"cycleway", Highway::Cycleway, false},
    {"track", Highway::Track, false},
}};

constexpr double cycle_lane_m = 1.5;
constexpr double narrow_lane_m = 2.75; ///< service roads, living streets, tracks
constexpr double wide_lane_m = 3.5;    ///< motorways and trunk roads

bool is_any_of(std::string_view value, std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == at) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

/// One value for each lane of a ":lanes" key in this direction, from left to right.
std::vector<std::string> lane_values(const Tags& tags, const std::string& key,
                                     const std::string& direction, bool is_one_way) {
    const std::string* value = &tag(tags, key + ":lanes:" + direction);
    if (value->empty() && is_one_way) {
        value = &tag(tags, key + ":lanes");
    }
    return value->empty() ? std::vector<std::string>() : split(*value, '|');
}

std::uint8_t turns_of(std::string_view value) {
    unsigned bits = 0;
    for (const std::string& part : split(value, ';')) {
        if (part == "through" || part.starts_with("merge_to")) {
            bits |= turn_straight;
        } else if (part == "left" || part == "slight_left" || part == "sharp_left") {
            bits |= turn_left;
        } else if (part == "right" || part == "slight_right" || part == "sharp_right") {
            bits |= turn_right;
        } else if (part == "reverse") {
            bits |= turn_back;
        }
    }
    return static_cast<std::uint8_t>(bits);
}

enum class Ways { Both, Forward, Backward };

Ways ways_of(const Tags& tags, bool is_ring) {
    const std::string& value = tag(tags, "oneway");
    if (is_any_of(value, {"-1", "reverse"})) {
        return Ways::Backward;
    }
    if (is_any_of(value, {"yes", "true", "1"})) {
        return Ways::Forward;
    }
    const bool is_implied = is_ring || tag(tags, "highway") == "motorway";
    return is_implied && value != "no" ? Ways::Forward : Ways::Both;
}

/// Tags that put a lane for bicycles or buses on the side of one direction.
bool has_side_lane(const Tags& tags, const std::string& key, bool is_forward, bool is_left_hand) {
    const std::string side = is_forward != is_left_hand ? ":right" : ":left";
    return tag(tags, key) == "lane" || tag(tags, key + ":both") == "lane" ||
           tag(tags, key + side) == "lane";
}

class LaneReader {
public:
    LaneReader(const Tags& tags, const StreetOptions& options, StreetTags& street)
        : tags_(tags), options_(options), street_(street) {}

    void read() {
        const Ways ways = ways_of(tags_, street_.is_roundabout);
        is_one_way_ = ways != Ways::Both;
        count_lanes(ways);
        if (ways != Ways::Backward) {
            street_.forward = lanes_of("forward", forward_);
        } else {
            street_.forward = contraflow("forward");
        }
        if (ways != Ways::Forward) {
            street_.backward = lanes_of("backward", backward_);
        } else {
            street_.backward = contraflow("backward");
        }
    }

private:
    std::size_t count(const std::string& key) const {
        const std::optional<double> value = leading_number(tag(tags_, key));
        return value && *value >= 1.0 && *value <= 12.0 ? static_cast<std::size_t>(*value) : 0;
    }

    std::size_t arrows(const std::string& direction) const {
        return lane_values(tags_, "turn", direction, is_one_way_).size();
    }

    void count_lanes(Ways ways) {
        const std::size_t total = count("lanes");
        forward_ = count("lanes:forward");
        backward_ = count("lanes:backward");
        forward_ = forward_ == 0 && !is_one_way_ ? arrows("forward") : forward_;
        backward_ = backward_ == 0 && !is_one_way_ ? arrows("backward") : backward_;
        if (is_one_way_) {
            std::size_t& own = ways == Ways::Forward ? forward_ : backward_;
            own = own != 0 ? own : total;
            own = own != 0 ? own : arrows(ways == Ways::Forward ? "forward" : "backward");
            street_.are_lanes_assumed = own == 0;
            const bool is_wide = street_.highway <= Highway::Trunk && !street_.is_link;
            own = own != 0 ? own : is_wide ? 2 : 1;
            return;
        }
        street_.are_lanes_assumed = total == 0 && (forward_ == 0 || backward_ == 0);
        if (forward_ == 0 && backward_ == 0) {
            backward_ = std::max<std::size_t>(1, total / 2);
        }
        const std::size_t known = std::max(forward_, backward_);
        const std::size_t rest = total > known ? total - known : 1;
        forward_ = forward_ != 0 ? forward_ : rest;
        backward_ = backward_ != 0 ? backward_ : rest;
    }

    double lane_width_m(std::size_t lanes) const {
        const std::string& given = tag(tags_, "width:carriageway").empty()
                                       ? tag(tags_, "width")
                                       : tag(tags_, "width:carriageway");
        const std::optional<double> width = leading_number(given);
        if (width) {
            return std::clamp(*width / static_cast<double>(lanes), 2.2, 4.5);
        }
        if (street_.highway == Highway::Cycleway) {
            return cycle_lane_m;
        }
        if (street_.highway <= Highway::Trunk) {
            return std::max(wide_lane_m, options_.default_lane_width_m);
        }
        return street_.highway >= Highway::LivingStreet
                   ? std::min(narrow_lane_m, options_.default_lane_width_m)
                   : options_.default_lane_width_m;
    }

    /// The tags as they hold for one lane.
    VehicleClasses lane_classes(const std::string& direction, std::size_t lane,
                                std::size_t lanes) const {
        Tags own = tags_;
        bool is_bus_lane = false;
        for (const char* key : {"access", "vehicle", "motor_vehicle", "motorcar", "goods", "hgv",
                                "psv", "bus", "bicycle"}) {
            const std::vector<std::string> values = lane_values(tags_, key, direction, is_one_way_);
            if (values.size() == lanes && !values[lane].empty()) {
                own.erase(std::string(key) + ":" + direction);
                own[key] = values[lane];
                const bool is_for_buses =
                    std::string_view(key) == "bus" || std::string_view(key) == "psv";
                is_bus_lane = is_bus_lane || (is_for_buses && values[lane] == "designated");
            }
        }
        const VehicleClasses set = allowed_classes(own, street_.highway, direction);
        return is_bus_lane ? for_buses(set) : set;
    }

    VehicleClasses for_buses(VehicleClasses set) const {
        unsigned kept = bit(VehicleClass::Bus) | bit(VehicleClass::Emergency);
        const bool is_shared = tag(tags_, "cycleway") == "share_busway" ||
                               tag(tags_, "cycleway:right") == "share_busway" ||
                               tag(tags_, "cycleway:left") == "share_busway" ||
                               tag(tags_, "cycleway:both") == "share_busway";
        if (is_shared) {
            kept |= bit(VehicleClass::Bicycle);
        }
        return static_cast<VehicleClasses>((set & kept) | bit(VehicleClass::Bus));
    }

    std::vector<RawLane> lanes_of(const std::string& direction, std::size_t lanes) {
        // Access by lane may also list bicycle lanes that `lanes` leaves out.
        for (const char* key : {"access", "vehicle", "motor_vehicle", "bicycle"}) {
            const std::size_t listed = lane_values(tags_, key, direction, is_one_way_).size();
            lanes = std::max(lanes, listed);
        }
        const std::vector<std::string> arrows = lane_values(tags_, "turn", direction, is_one_way_);
        const std::size_t all = is_one_way_ ? lanes : forward_ + backward_;
        std::vector<RawLane> list;
        bool is_open = false;
        bool has_cycle_lane = false;
        for (std::size_t i = 0; i < lanes; ++i) {
            // Tags list lanes from left to right in the direction of travel.
            const std::size_t k = options_.is_left_hand ? i : lanes - 1 - i;
            RawLane lane;
            lane.allowed = lane_classes(direction, k, lanes);
            lane.turns = arrows.size() == lanes ? turns_of(arrows[k]) : std::uint8_t{0};
            const bool is_for_bicycles = lane.allowed == bit(VehicleClass::Bicycle);
            lane.width_m = is_for_bicycles ? cycle_lane_m : lane_width_m(all);
            has_cycle_lane = has_cycle_lane || (is_for_bicycles && lanes > 1);
            is_open = is_open || lane.allowed != 0;
            list.push_back(lane);
        }
        std::erase_if(list, [](const RawLane& lane) { return lane.allowed == 0; });
        if (is_open) {
            add_bus_lanes(direction, list);
            add_cycle_lane(direction, list, has_cycle_lane);
        }
        return list;
    }

    void add_bus_lanes(const std::string& direction, std::vector<RawLane>& list) const {
        const bool is_forward = direction == "forward";
        std::size_t buses =
            std::max(count("lanes:bus:" + direction), count("lanes:psv:" + direction));
        if (is_one_way_) {
            buses = std::max({buses, count("lanes:bus"), count("lanes:psv")});
        }
        if (has_side_lane(tags_, "busway", is_forward, options_.is_left_hand)) {
            buses = std::max<std::size_t>(buses, 1);
        }
        const auto is_for_all = [](const RawLane& l) {
            return (l.allowed & bit(VehicleClass::Car)) != 0;
        };
        const auto cars =
            static_cast<std::size_t>(std::count_if(list.begin(), list.end(), is_for_all));
        if (buses == 0 || cars < list.size() || list.empty()) {
            return; // none, or already known lane by lane
        }
        while (list.size() <= buses) {
            list.push_back(list.back());
        }
        for (std::size_t k = 0; k < buses; ++k) {
            list[k].allowed = for_buses(list[k].allowed);
        }
    }

    void add_cycle_lane(const std::string& direction, std::vector<RawLane>& list,
                        bool has_one) const {
        const bool is_forward = direction == "forward";
        bool has_lane = has_side_lane(tags_, "cycleway", is_forward, options_.is_left_hand);
        if (is_one_way_) {
            has_lane =
                has_lane || has_side_lane(tags_, "cycleway", is_forward, !options_.is_left_hand);
        }
        if (has_lane && !has_one && street_.highway != Highway::Cycleway) {
            list.insert(list.begin(), {cycle_lane_m, bit(VehicleClass::Bicycle), 0});
        }
    }

    /// Against a one-way street: bicycles or buses where they may.
    std::vector<RawLane> contraflow(const std::string& direction) const {
        std::vector<RawLane> list;
        const VehicleClasses set = allowed_classes(tags_, street_.highway, direction);
        const auto is_opposite = [this](const char* key) {
            return tag(tags_, key).starts_with("opposite");
        };
        const bool has_bicycles = tag(tags_, "oneway:bicycle") == "no" || is_opposite("cycleway") ||
                                  is_opposite("cycleway:left") || is_opposite("cycleway:right") ||
                                  tag(tags_, "cycleway:left:oneway") == "-1" ||
                                  tag(tags_, "cycleway:right:oneway") == "-1";
        const bool has_buses = tag(tags_, "oneway:bus") == "no" ||
                               tag(tags_, "oneway:psv") == "no" || is_opposite("busway");
        if (has_buses && (set & bit(VehicleClass::Bus)) != 0) {
            list.push_back({options_.default_lane_width_m, for_buses(set), 0});
        }
        if (has_bicycles && (set & bit(VehicleClass::Bicycle)) != 0) {
            list.insert(list.begin(), {cycle_lane_m, bit(VehicleClass::Bicycle), 0});
        }
        return list;
    }

    const Tags& tags_;
    const StreetOptions& options_;
    StreetTags& street_;
    bool is_one_way_ = false;
    std::size_t forward_ = 0;
    std::size_t backward_ = 0;
};

std::optional<double> speed_in(const Tags& tags, const std::string& direction) {
    for (const std::string& key :
         {"maxspeed:" + direction, std::string("maxspeed"), std::string("zone:maxspeed"),
          std::string("maxspeed:type"), std::string("source:maxspeed")}) {
        const std::optional<double> speed = maxspeed_mps(tag(tags, key));
        if (speed) {
            return speed;
        }
    }
    return std::nullopt;
}

void read_level(const Tags& tags, StreetTags& street) {
    const std::string& bridge = tag(tags, "bridge");
    const std::string& tunnel = tag(tags, "tunnel");
    street.is_bridge = !bridge.empty() && bridge != "no";
    street.is_tunnel = !tunnel.empty() && tunnel != "no" && tunnel != "building_passage";
    const std::optional<double> layer = leading_number(tag(tags, "layer"));
    const double level = layer ? *layer : street.is_bridge ? 1.0 : street.is_tunnel ? -1.0 : 0.0;
    street.level = static_cast<std::int8_t>(std::clamp(level, -10.0, 10.0));
}

const ClassOfStreet* class_of(const Tags& tags) {
    const std::string& highway = tag(tags, "highway");
    if (highway.empty() || tag(tags, "area") == "yes") {
        return nullptr;
    }
    const auto found = std::find_if(classes.begin(), classes.end(),
                                    [&highway](const auto& c) { return c.tag == highway; });
    if (found != classes.end()) {
        return &*found;
    }
    static constexpr ClassOfStreet shared_path = {"path", Highway::Cycleway, false};
    const bool is_path = highway == "path" || highway == "footway" || highway == "bridleway";
    return is_path && tag(tags, "bicycle") == "designated" ? &shared_path : nullptr;
}

/// A footway marked for bicycles, or a busway, as if its special access had been tagged.
Tags with_implied_access(Tags tags) {
    if (tag(tags, "highway") == "busway") {
        tags.emplace("motor_vehicle", "no");
        tags.emplace("bus", "designated");
        tags.emplace("bicycle", "no");
    }
    if (tag(tags, "motorroad") == "yes") {
        tags.emplace("bicycle", "no");
    }
    return tags;
}

} // namespace

std::optional<StreetTags> street_tags(const Tags& given, const StreetOptions& options) {
    const ClassOfStreet* own = class_of(given);
    if (own == nullptr) {
        return std::nullopt;
    }
    const Tags tags = with_implied_access(given);
    StreetTags street;
    street.highway = own->highway;
    street.is_link = own->is_link;
    const std::string& junction = tag(tags, "junction");
    street.is_roundabout = junction == "roundabout" || junction == "circular";
    street.name = tag(tags, "name").empty() ? tag(tags, "ref") : tag(tags, "name");
    read_level(tags, street);
    LaneReader(tags, options, street).read();
    if (street.forward.empty() && street.backward.empty()) {
        return std::nullopt;
    }
    const std::optional<double> forward = speed_in(tags, "forward");
    const std::optional<double> backward = speed_in(tags, "backward");
    const double assumed = default_speed_mps(street.highway, street.is_link);
    street.is_speed_assumed = !forward && !backward;
    street.forward_mps = forward.value_or(backward.value_or(assumed));
    street.backward_mps = backward.value_or(forward.value_or(assumed));
    return street;
}

} // namespace veste
