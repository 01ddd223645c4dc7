#include "scenario/keys.hpp"

namespace veste::scenario_file {
namespace {

Key seconds(std::string_view name, std::string_view meaning, double low,
            std::string_view default_text) {
    return {.name = name,
            .type = KeyType::Quantity,
            .meaning = meaning,
            .unit = "s",
            .low = low,
            .high = 86400,
            .default_text = default_text};
}

} // namespace

Key time_key(std::string_view name, std::string_view meaning, std::string_view default_text) {
    return {.name = name,
            .type = KeyType::Table,
            .meaning = meaning,
            .default_text = default_text,
            .group = "time"};
}

std::vector<KeyGroup> time_keys() {
    return {
        {.name = "time",
         .title = "reaction, service, time",
         .meaning = "A random length of time. A uniform one is given by min and max, or by mean "
                    "and sd; a constant one by its mean; an exponential one has no sd.",
         .keys = {{.name = "shape",
                   .type = KeyType::Choice,
                   .meaning = "of the distribution (erlang: the nearest whole number of phases)",
                   .default_text = "log-normal where sd is given, else constant",
                   .choices = {"constant", "uniform", "normal", "log-normal", "gamma", "erlang",
                               "weibull", "exponential"}},
                  seconds("mean", "mean of the whole distribution", 0.01, "none"),
                  seconds("sd", "standard deviation of the whole distribution", 0, "none"),
                  seconds("min", "least: cut there", 0, "0 s"),
                  seconds("max", "most: cut there", 0.01, "none")}}};
}

} // namespace veste::scenario_file
