#pragma once
#include "city/vectors.hpp"

#include <map>
#include <string>
#include <vector>

/// What the attributes of layers may say. They are checked once, right after reading.
namespace veste {

/// Layer features by section of the recipe.
using Layers = std::map<std::string, std::vector<LayerFeature>>;

/// Throws InputError with every value of every layer that is no number, out of its limits or no
/// word known; of very many the first and how many more.
void check_layer_values(const Layers& layers);

/// A feature's value for one of our roles: fixed in the recipe, or from its attribute. `kinds` of
/// the recipe are applied already.
std::string value_for(const LayerFeature& feature, const std::string& role);

/// The same as a number (lengths in metres), or `otherwise` when it is empty.
double number_for(const LayerFeature& feature, const std::string& role, double otherwise);

/// The words that a section's `kind` may be; the order is that of the enumeration it stands for.
const std::vector<std::string>& kind_words(const std::string& section);
/// The position of a feature's kind in its section's words; 0 when it is empty.
std::size_t kind_index(const LayerFeature& feature, const std::string& section);

/// Metres out of "12", "12.5 m", "40 ft", "13'6\""; nothing where it is not a length.
std::optional<double> parse_length_m(const std::string& text);

} // namespace veste
