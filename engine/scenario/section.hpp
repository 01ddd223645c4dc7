#pragma once
#include "base/geometry.hpp"
#include "scenario/keys.hpp"
#include "scenario/scenario.hpp"
#include "scenario/toml_tree.hpp"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace veste::scenario_file {

/// The file being read: its problems, told in the order of its lines, and what times refer to.
struct Document {
    std::vector<std::filesystem::path> files; ///< the scenario, then its bases
    double start_of_day_s = 0.0;
    double duration_s = 0.0;
    std::set<std::string> asked; ///< "group.key" of every key the reader asked for

    void add_problem(const TextPlace& place, const std::string& text);
    std::string text_of(const TextPlace& place) const; ///< "FILE:LINE"
    /// The path as it counts from the file it stands in.
    std::filesystem::path from_file(const TextPlace& place,
                                    const std::filesystem::path& path) const;
    /// Throws InputError with every problem, one a line, in the order of the file's lines.
    void throw_if_any() const;

private:
    std::vector<std::pair<TextPlace, std::string>> problems_;
};

/// A text with the place where it stands.
struct Named {
    std::string name;
    TextPlace place = {};
};
struct WeightedName {
    Named what;
    double weight = 1.0;
};
/// A name, an id, a point or nothing, whichever the file gives.
struct Reference {
    std::string name;
    std::optional<std::int64_t> id;
    std::optional<Vec2> point; ///< in the file's CRS
    TextPlace place = {};
};

/// How far a moment may lie.
enum class Within {
    Run,   ///< from the start to the end of the run
    Start, ///< not before the start
    Any,
};

/// One table of the file, read by the description of its keys: unknown and missing keys are told
/// when it is opened, wrong types, units and limits when a key is read. A key that is wrong or not
/// given reads as its default. Asking for a key that is not described is a bug.
class Section {
public:
    /// `label` names the table in messages: "event concert: ".
    Section(Document& document, const TomlValue& table, const KeyGroup& group, std::string label);

    bool has(std::string_view key) const { return table_->find(key) != nullptr; }
    /// True where the description has the key for tables of this kind.
    bool knows(std::string_view key) const { return find_key(*group_, key) != nullptr; }
    std::string text(std::string_view key);
    bool truth(std::string_view key);
    std::int64_t whole(std::string_view key);
    double number(std::string_view key);
    double quantity(std::string_view key); ///< SI units
    std::vector<double> quantities(std::string_view key);
    /// Seconds since the start; `otherwise` when the key is not given.
    double moment(std::string_view key, double otherwise, Within within);
    double clock_time_s(std::string_view key); ///< since midnight
    std::string date(std::string_view key);
    std::size_t choice(std::string_view key); ///< index of the choice
    std::vector<Named> names(std::string_view key);
    std::vector<std::int64_t> ids(std::string_view key);
    std::vector<WeightedName> weights(std::string_view key);
    std::optional<Vec2> point(std::string_view key);
    std::vector<Vec2> points(std::string_view key);
    std::optional<Reference> reference(std::string_view key); ///< PointOrName or SignalName
    std::vector<TimedValue> series(std::string_view key);
    /// A number, or a length (m) where `is_depth`.
    double threshold(std::string_view key, bool is_depth);
    std::optional<Section> table(std::string_view key);
    std::vector<Section> tables(std::string_view key);

    /// Tells a problem of a key's value: "FILE:LINE: LABEL KEY = VALUE: WHAT".
    void problem(std::string_view key, const std::string& what);
    /// A problem of the table as a whole: "FILE:LINE: LABEL WHAT".
    void problem(const std::string& what);
    /// A problem of one part of a key's value, in a line of its own: "FILE:LINE: LABEL KEY: WHAT".
    void problem_at(const TextPlace& place, std::string_view key, const std::string& what);
    const TextPlace& place() const { return table_->place; }
    const TextPlace& place(std::string_view key) const;
    const std::string& label() const { return label_; }

private:
    struct Asked {
        const Key* key = nullptr;
        const TomlValue* value = nullptr; ///< nullptr: not given
    };
    Asked ask(std::string_view name, std::initializer_list<KeyType> types);
    void set_name(const std::string& name);
    void check_keys();
    void check_choices(const KeyGroup& group);
    void tell(const TomlValue& value, const Key& key, const std::string& what);
    void wrong_type(const TomlValue& value, const Key& key);
    void names_nothing(const TomlValue& value, const Key& key);
    bool is_in_limits(const TomlValue& value, const Key& key, double number);
    std::optional<double> quantity_of(const TomlValue& value, const Key& key);
    std::optional<double> moment_of(const TomlValue& value, const Key& key, Within within);
    std::optional<Vec2> point_of(const TomlValue& value, const Key& key);

    Document* document_;
    const TomlValue* table_;
    const KeyGroup* group_;
    std::string label_;
};

/// What a key's value must be, with an example: "a speed such as \"30 km/h\"".
std::string wanted_text(const Key& key);
/// Seconds after midnight of "20:10" or "20:10:30" (hours up to 47), or nothing.
std::optional<double> read_clock_time(std::string_view text);

} // namespace veste::scenario_file
