#include "city/layer_values.hpp"

#include "city/terrain.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <string_view>

namespace veste {
namespace {

struct NumberRule {
    std::string_view section;
    std::string_view role;
    Limits limits;
};

constexpr NumberRule number_rules[] = {
    {"buildings", "height", {0.0, 1000.0, "m"}},  {"buildings", "levels", {0.0, 300.0, "storeys"}},
    {"walkable", "level", {-10.0, 10.0, ""}},     {"lamps", "height", {1.0, 50.0, "m"}},
    {"lamps", "flux", {10.0, 500000.0, "lm"}},    {"sensors", "range", {1.0, 500.0, "m"}},
    {"drains", "capacity", {0.0, 100.0, "m³/s"}},
};

/// Sections whose features must say what they are.
constexpr std::string_view with_kind[] = {"surfaces", "sensors", "stations"};

std::optional<double> number_in(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    return text.empty() || *end != '\0' ? std::nullopt : std::optional(value);
}

std::optional<double> number_of(const std::string& role, const std::string& text) {
    return role == "height" ? parse_length_m(text) : number_in(text);
}

/// The first problems and the number of all.
class ManyProblems {
public:
    void add(const std::string& text) {
        constexpr std::size_t most = 20;
        if (count_++ < most) {
            told_.add(text);
        }
    }
    void throw_if_any() {
        if (count_ > told_.list().size()) {
            told_.add(fmt::format("and {} more like these", count_ - told_.list().size()));
        }
        told_.throw_if_any();
    }

private:
    Problems told_;
    std::size_t count_ = 0;
};

void check_number(const LayerFeature& feature, const NumberRule& rule, ManyProblems& problems) {
    const std::string role(rule.role);
    const std::string text = value_for(feature, role);
    if (text.empty()) {
        return;
    }
    const std::optional<double> value = number_of(role, text);
    if (!value) {
        problems.add(fmt::format("{}: {} = \"{}\" is not a number, allowed {:g} to {:g} {}",
                                 feature.source, role, text, rule.limits.low, rule.limits.high,
                                 rule.limits.unit));
    } else if (!is_within(*value, rule.limits)) {
        problems.add(out_of_range(feature.source, role, *value, rule.limits));
    }
}

void check_kind(const LayerFeature& feature, const std::string& section, ManyProblems& problems) {
    const std::vector<std::string>& words = kind_words(section);
    const std::string kind = value_for(feature, "kind");
    const bool may_be_empty =
        std::find(std::begin(with_kind), std::end(with_kind), section) == std::end(with_kind);
    if (words.empty() || (kind.empty() && may_be_empty) ||
        std::find(words.begin(), words.end(), kind) != words.end()) {
        return;
    }
    problems.add(fmt::format("{}: kind = \"{}\" is not known in [[{}]]; known are {}; other words "
                             "can be translated by kinds = in the recipe",
                             feature.source, kind, section, fmt::join(words, ", ")));
}

std::vector<std::string> surface_words() {
    std::vector<std::string> words;
    for (const SurfaceProperties& properties : surface_properties()) {
        words.emplace_back(properties.name);
    }
    return words;
}

} // namespace

std::string value_for(const LayerFeature& feature, const std::string& role) {
    return tag(feature.roles, role);
}

double number_for(const LayerFeature& feature, const std::string& role, double otherwise) {
    return number_of(role, value_for(feature, role)).value_or(otherwise);
}

const std::vector<std::string>& kind_words(const std::string& section) {
    static const std::map<std::string, std::vector<std::string>> words = {
        {"walkable", {"footway", "park", "path", "pavement", "shared", "square", "steps"}},
        {"surfaces", surface_words()},
        {"sensors", {"crowd_counter", "loop_detector", "water_gauge", "air_monitor"}},
        {"stations", {"fire", "police", "ambulance", "hospital"}}};
    static const std::vector<std::string> none;
    const auto found = words.find(section);
    return found == words.end() ? none : found->second;
}

std::size_t kind_index(const LayerFeature& feature, const std::string& section) {
    const std::vector<std::string>& words = kind_words(section);
    const auto found = std::find(words.begin(), words.end(), value_for(feature, "kind"));
    return found == words.end() ? 0 : static_cast<std::size_t>(found - words.begin());
}

void check_layer_values(const Layers& layers) {
    ManyProblems problems;
    for (const auto& [section, features] : layers) {
        for (const LayerFeature& feature : features) {
            for (const NumberRule& rule : number_rules) {
                if (rule.section == section) {
                    check_number(feature, rule, problems);
                }
            }
            check_kind(feature, section, problems);
        }
    }
    problems.throw_if_any();
}

std::optional<double> parse_length_m(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || end == text.c_str() || !std::isfinite(value)) {
        return std::nullopt;
    }
    std::string unit(end);
    std::erase(unit, ' ');
    if (unit.empty() || unit == "m" || unit == "metres" || unit == "meters") {
        return value;
    }
    constexpr double foot_m = 0.3048;
    if (unit == "ft" || unit == "'") {
        return value * foot_m;
    }
    if (unit.front() == '\'' && unit.back() == '"') {
        return (value + std::strtod(unit.c_str() + 1, nullptr) / 12.0) * foot_m;
    }
    return std::nullopt;
}

} // namespace veste
