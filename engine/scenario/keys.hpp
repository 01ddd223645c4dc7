#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

/// The description of every key of a scenario file. The reader takes types, units, limits, choices
/// and defaults from here and knows no key that is not here; the reference and the JSON schema are
/// printed from it.
namespace veste::scenario_file {

enum class KeyType : std::uint8_t {
    Text,
    Truth,
    Whole,       ///< whole number
    Number,      ///< pure number
    Quantity,    ///< "NUMBER UNIT"
    Quantities,  ///< list of quantities
    Moment,      ///< clock time or time since the start
    ClockTime,   ///< clock time only
    Date,        ///< YYYY-MM-DD
    Choice,      ///< one of `choices`
    Names,       ///< text, or a list of text
    Ids,         ///< whole number, or a list of them
    Weights,     ///< text, a list of text, or a table NAME = WEIGHT
    Point,       ///< [x, y]
    Points,      ///< [[x, y], ...], at least 3
    PointOrName, ///< [x, y], or text
    SignalName,  ///< text, OSM node id, or [x, y]
    Threshold,   ///< number, or a length for water gauges
    Series,      ///< [[moment, quantity], ...]
    Table,       ///< one table of the group `group`
    Tables,      ///< any number of them
};

struct Key {
    std::string_view name = {};
    KeyType type = KeyType::Text;
    std::string_view meaning = {};
    std::string_view unit = {}; ///< of quantities; what is counted by whole numbers
    double low = 0.0;           ///< limits in `unit`, where low < high
    double high = 0.0;
    std::string_view otherwise = {};    ///< value when the key is not given, as a file writes it
    std::string_view default_text = {}; ///< what holds when the key is not given, in words
    bool is_required = false;
    std::vector<std::string_view> choices = {};
    std::string_view group = {}; ///< of tables
};

/// The keys of one kind of table.
struct KeyGroup {
    std::string_view name = {};
    std::string_view title = {}; ///< as the reference heads it: "[[place]]"
    std::string_view meaning = {};
    std::vector<Key> keys = {};
    std::vector<std::string_view> includes = {};    ///< groups whose keys are keys of this one too
    std::vector<std::string_view> exactly_one = {}; ///< of these keys exactly one must be given
    std::vector<std::string_view> at_least_one = {};
    std::vector<std::string_view> at_most_one = {};
};

/// All groups; the first, named "", is the file itself.
const std::vector<KeyGroup>& key_groups();
const KeyGroup& key_group(std::string_view name);

/// The key of a group or of those it includes, or nullptr; `owner` gets the group that names it.
const Key* find_key(const KeyGroup& group, std::string_view name, const KeyGroup** owner = nullptr);
/// Names of all keys of a group, those it includes as well.
std::vector<std::string_view> key_names(const KeyGroup& group);

/// A key that holds a random length of time.
Key time_key(std::string_view name, std::string_view meaning, std::string_view default_text);

// Parts of the description, by subject.
std::vector<KeyGroup> general_keys();
std::vector<KeyGroup> people_keys();
std::vector<KeyGroup> time_keys();
std::vector<KeyGroup> journey_groups();
std::vector<KeyGroup> traffic_keys();
std::vector<KeyGroup> weather_keys();
std::vector<KeyGroup> timeline_keys();
std::vector<KeyGroup> output_keys();

} // namespace veste::scenario_file
