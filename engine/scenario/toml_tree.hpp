#pragma once
#include <compare>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// The TOML file as plain values that know where they stand. Only toml_tree.cpp knows the parser.
namespace veste::scenario_file {

enum class TomlType : std::uint8_t { Table, List, Text, Whole, Number, Truth, Date, Time };

/// Where a value stands: which of the scenario's files (0: the scenario itself, then its bases),
/// and the line.
struct TextPlace {
    int file = 0;
    int line = 0;
    friend auto operator<=>(const TextPlace&, const TextPlace&) = default;
};

struct TomlEntry;

struct TomlValue {
    TomlType type = TomlType::Table;
    TextPlace place;
    std::string text;    ///< of Text; of Date "2026-06-21"; of Time as written
    double number = 0.0; ///< of Whole and Number
    std::int64_t whole = 0;
    bool truth = false;
    std::vector<TomlValue> items;   ///< of List
    std::vector<TomlEntry> entries; ///< of Table, by key

    /// The value of a key of this table, or nullptr.
    const TomlValue* find(std::string_view key) const;
    TomlValue* find(std::string_view key);
    bool is_number() const { return type == TomlType::Whole || type == TomlType::Number; }
};

struct TomlEntry {
    std::string key;
    TomlValue value;
};

/// The file's text. Throws InputError where it cannot be read.
std::string read_text(const std::filesystem::path& file);

/// Throws InputError with file and line where the text is not TOML. The values' places are in the
/// file of this number.
TomlValue parse_toml(const std::string& text, const std::filesystem::path& file, int number = 0);

/// A value as it is written in a file, cut where it is long: for messages.
std::string written(const TomlValue& value);
/// "a table", "text" ...
std::string_view type_name(TomlType type);

} // namespace veste::scenario_file
