#include "results/indicators.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <iterator>

namespace veste {
namespace {

using enum Theme;
using V = IndicatorValues;

constexpr Better none = Better::None;
constexpr Better lower = Better::Lower;
constexpr Better higher = Better::Higher;
constexpr Whole last = Whole::Last;
constexpr Whole largest = Whole::Largest;
constexpr Whole mean = Whole::Mean;

constexpr auto table = std::to_array<Indicator>({
    {"people_set_out", "1", People, none, last, "people set out",
     "people who have started their way, running total", &V::people_set_out},
    {"people_waiting", "1", People, lower, largest, "people waiting to set out",
     "people whose time to set out has come but whose origin is closed, hazardous or full",
     &V::people_waiting},
    {"people_present", "1", People, none, largest, "people present",
     "people on foot in the city, standing ones included, toppled ones not", &V::people_present,
     true},
    {"people_served", "1", People, higher, last, "people served at gates",
     "people who have passed a gate, running total over all gates", &V::people_served, true},
    {"people_inside", "1", People, none, largest, "people inside events", "visitors inside events",
     &V::people_inside},
    {"people_arrived", "1", People, higher, last, "people arrived",
     "people who have reached the end of their way, running total", &V::people_arrived, true},
    {"visitors_evacuated", "1", People, higher, last, "visitors evacuated",
     "event visitors who have left and reached their exit, running total", &V::visitors_evacuated,
     true},
    {"evacuation_time_p95", "s", People, lower, last, "evacuation time, 95 %",
     "until 95 % of those who follow an order to leave are at their exits, from when the first "
     "such "
     "order that each of them took was first given; not known before",
     &V::evacuation_time_p95_s},
    {"evacuation_time_all", "s", People, lower, last, "evacuation time, all",
     "the same until all of them are", &V::evacuation_time_all_s},
    {"people_to_evacuate", "1", People, lower, last, "people still to evacuate",
     "those of them who are not at their exits yet, toppled ones included", &V::people_to_evacuate},
    {"walking_time_mean", "s", People, lower, last, "walking time, mean",
     "mean time on the way of all who have arrived, queues included, standing before a stage not",
     &V::walking_time_mean_s},
    {"walking_time_p95", "s", People, lower, last, "walking time, 95th percentile",
     "95th percentile (nearest rank) of the same", &V::walking_time_p95_s},
    {"under_way_time_mean", "s", People, none, last, "time under way, mean",
     "mean time on the way so far of those present, standing before a stage left out",
     &V::under_way_time_mean_s},
    {"under_way_time_p95", "s", People, none, last, "time under way, 95th percentile",
     "95th percentile (nearest rank) of the same", &V::under_way_time_p95_s},
    {"people_in_los_e", "1", People, lower, largest, "people in level of service E",
     "mean number of walking people at 1.08 to 2.15 persons per m2 (walkway level E, Fruin 1971)",
     &V::people_in_los_e},
    {"people_in_los_f", "1", People, lower, largest, "people in level of service F",
     "mean number of walking people above 2.15 persons per m2 (walkway level F, Fruin 1971)",
     &V::people_in_los_f, true},
    {"los_e_person_time", "min", People, lower, last, "time in level of service E",
     "person-minutes walked in level E, running total", &V::los_e_person_min},
    {"los_f_person_time", "min", People, lower, last, "time in level of service F",
     "person-minutes walked in level F, running total", &V::los_f_person_min},
    {"density_max", "1/m2", People, lower, largest, "largest crowd density",
     "largest density at anyone's place (walking, queueing or standing) at any tick",
     &V::density_max_per_m2, true, &V::density_max_at},
    {"people_stuck", "1", People, lower, largest, "people stuck",
     "people who find no open way to their target", &V::people_stuck},
    {"people_toppled", "1", People, lower, last, "people toppled by water",
     "people whom water took off their feet (Xia and others 2014), running total",
     &V::people_toppled},
    {"people_in_hazard", "1", People, lower, largest, "people in hazardous water",
     "largest number of people at once in water of hazard rating 0.75 or more: moderate, danger "
     "for some (FD2320, 2006)",
     &V::people_in_hazard, true},
    {"hazard_person_time", "min", People, lower, last, "time in hazardous water",
     "person-minutes in such water, running total", &V::hazard_person_min},
    {"vehicles_set_out", "1", Vehicles, none, last, "vehicles set out",
     "vehicles whose departure has come, running total", &V::vehicles_set_out},
    {"vehicles_present", "1", Vehicles, none, largest, "vehicles on the road",
     "vehicles driving or standing on the network", &V::vehicles_present, true},
    {"vehicles_waiting", "1", Vehicles, lower, largest, "vehicles off the road",
     "vehicles that have set out and wait off the road: their entry is full or closed, no open way "
     "leads on, or they missed their lane",
     &V::vehicles_waiting},
    {"vehicles_arrived", "1", Vehicles, higher, last, "vehicles arrived",
     "vehicles that have reached their destination, running total", &V::vehicles_arrived},
    {"vehicle_delay_mean", "s", Vehicles, lower, last, "vehicle delay, mean",
     "mean of the time since departure (waiting to enter included, until arrival) less the "
     "undisturbed time of the way driven, over all that have set out",
     &V::vehicle_delay_mean_s, true},
    {"vehicle_delay_p95", "s", Vehicles, lower, last, "vehicle delay, 95th percentile",
     "95th percentile (nearest rank) of the same", &V::vehicle_delay_p95_s},
    {"vehicles_standing", "1", Vehicles, lower, largest, "vehicles standing",
     "mean number of vehicles on the road slower than 0.1 m/s", &V::vehicles_standing, true},
    {"queue_total", "m", Vehicles, lower, mean, "queues, all together",
     "sum over streets of the queue standing from the street's end (slower than 5 km/h, longest "
     "lane), at the interval's end",
     &V::queue_total_m, true},
    {"queue_longest", "m", Vehicles, lower, largest, "longest queue",
     "longest queue on one street, at the interval's end; the place is the street's end",
     &V::queue_longest_m, false, &V::queue_longest_at},
    {"vehicles_standing_long", "1", Vehicles, lower, largest, "vehicles standing over 300 s",
     "vehicles on the road that have stood in one place for more than 300 s",
     &V::vehicles_standing_long},
    {"vehicles_without_way", "1", Vehicles, lower, largest, "vehicles without a way",
     "vehicles stuck because no open way leads to their destination", &V::vehicles_without_way},
    {"vehicles_off_lane", "1", Vehicles, lower, largest, "vehicles at the kerb, lane missed",
     "vehicles off the road because they stood for a minute at the end of a lane that does not "
     "follow their way; they enter again when there is a gap",
     &V::vehicles_off_lane},
    {"vehicles_pulled_in", "1", Vehicles, lower, last, "pulled in after missing their lane",
     "times that vehicles left the road so, running total", &V::vehicles_pulled_in},
    {"vehicles_in_deep_water", "1", Vehicles, lower, largest, "vehicles stuck in water",
     "vehicles stuck in water too deep to drive in", &V::vehicles_in_deep_water},
    {"vehicles_in_hazard", "1", Vehicles, lower, largest, "vehicles in hazardous water",
     "largest number of vehicles at once whose front is in water of hazard rating 0.75 or more "
     "(FD2320, 2006)",
     &V::vehicles_in_hazard},
    {"hazard_vehicle_time", "min", Vehicles, lower, last, "vehicles' time in hazardous water",
     "vehicle-minutes in such water, running total", &V::hazard_vehicle_min},
    {"emergency_time_mean", "s", Vehicles, lower, mean, "emergency routes, mean travel time",
     "mean travel time of the open emergency routes at the present speeds",
     &V::emergency_time_mean_s, true},
    {"emergency_time_longest", "s", Vehicles, lower, largest, "emergency routes, longest time",
     "longest travel time of the open emergency routes", &V::emergency_time_longest_s},
    {"emergency_routes_cut", "1", Vehicles, lower, largest, "emergency routes cut",
     "emergency routes without any open way", &V::emergency_routes_cut},
    {"edges_closed", "1", Vehicles, none, largest, "street edges closed",
     "directed street edges closed by changes", &V::edges_closed},
    {"rain", "mm/h", Water, none, largest, "rain", "rain falling at the interval's end",
     &V::rain_mmph, true},
    {"flooded", "m2", Water, lower, largest, "flooded area",
     "land under 0.05 m of water or more: the sum of the four classes", &V::flooded_m2, true},
    {"flooded_5_to_15_cm", "m2", Water, lower, largest, "flooded 5 to 15 cm",
     "land under 0.05 to 0.15 m of water (0.05 m: above the noise of wet ground; 0.15 m: a kerb)",
     &V::flooded_5_to_15_cm_m2},
    {"flooded_15_to_30_cm", "m2", Water, lower, largest, "flooded 15 to 30 cm",
     "land under 0.15 to 0.30 m of water", &V::flooded_15_to_30_cm_m2},
    {"flooded_30_to_50_cm", "m2", Water, lower, largest, "flooded 30 to 50 cm",
     "land under 0.30 to 0.50 m of water: closed to cars (Pregnolato et al. 2017)",
     &V::flooded_30_to_50_cm_m2},
    {"flooded_over_50_cm", "m2", Water, lower, largest, "flooded over 50 cm",
     "land under more than 0.50 m of water: cars of any size float (Australian Rainfall and "
     "Runoff 2016)",
     &V::flooded_over_50_cm_m2},
    {"depth_max", "m", Water, lower, largest, "largest water depth",
     "largest depth on land at the interval's end", &V::depth_max_m, false, &V::depth_max_at},
    {"water_stored", "m3", Water, none, last, "water on the ground",
     "water in all cells at the interval's end", &V::water_stored_m3},
    {"water_rained", "m3", Water, none, last, "water rained", "rain since the start",
     &V::water_rained_m3},
    {"water_inflow", "m3", Water, none, last, "water flowed in",
     "rivers, breaches and mains since the start", &V::water_inflow_m3},
    {"water_outflow", "m3", Water, none, last, "water flowed out",
     "to the sea and over the border since the start", &V::water_outflow_m3},
    {"water_infiltrated", "m3", Water, none, last, "water infiltrated",
     "into the ground since the start", &V::water_infiltrated_m3},
    {"water_drained", "m3", Water, none, last, "water drained", "into drains since the start",
     &V::water_drained_m3},
    {"water_balance_error", "1", Water, none, largest, "water balance error",
     "difference between the stored water and the sum of all terms, as share of the water moved",
     &V::water_balance_error},
    {"daylight", "lx", LightAndPower, none, last, "daylight",
     "horizontal illuminance by daylight at the interval's end", &V::daylight_lx},
    {"dark_street", "m", LightAndPower, lower, largest, "dark streets",
     "length of streets whose mean illuminance is below 1 lx (people are held up: Boyce 1985)",
     &V::dark_street_m, true},
    {"lamps_lit", "1", LightAndPower, none, last, "lamps lit", "lamps that shine", &V::lamps_lit},
    {"signals_without_power", "1", LightAndPower, lower, largest, "signals without power",
     "traffic signals whose feeder is off", &V::signals_without_power},
    {"observations_expected", "1", Observation, none, last, "observations expected",
     "reports due from all sensors, running total", &V::observations_expected},
    {"observations_lost", "1", Observation, lower, last, "observations lost",
     "reports that did not come, running total", &V::observations_lost, true},
});

} // namespace

std::string_view title_of(Theme theme) {
    constexpr std::string_view titles[] = {"People", "Vehicles", "Water", "Light and power",
                                           "Observation"};
    return titles[static_cast<std::size_t>(theme)];
}

std::string_view name_of(Better better) {
    constexpr std::string_view names[] = {"none", "lower", "higher"};
    return names[static_cast<std::size_t>(better)];
}

std::string_view name_of(Whole whole) {
    constexpr std::string_view names[] = {"last", "largest", "mean"};
    return names[static_cast<std::size_t>(whole)];
}

std::span<const Indicator> indicators() {
    return table;
}

const Indicator* find_indicator(std::string_view name) {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const Indicator& i) { return i.name == name; });
    return found == table.end() ? nullptr : &*found;
}

std::optional<std::size_t> telling_interval(Whole whole, std::span<const double> values) {
    std::optional<std::size_t> telling;
    for (std::size_t k = 0; k < values.size(); ++k) {
        if (!std::isnan(values[k]) &&
            (!telling || whole == Whole::Last || values[k] > values[*telling])) {
            telling = k;
        }
    }
    return telling;
}

double whole_value(Whole whole, std::span<const double> values) {
    if (whole != Whole::Mean) {
        const auto telling = telling_interval(whole, values);
        return telling ? values[*telling] : not_known;
    }
    double sum = 0.0;
    double count = 0.0;
    for (const double value : values) {
        if (!std::isnan(value)) {
            sum += value;
            count += 1.0;
        }
    }
    return count > 0.0 ? sum / count : not_known;
}

std::string_view shown_unit(std::string_view unit) {
    constexpr std::pair<std::string_view, std::string_view> others[] = {
        {"1", ""}, {"m2", "m²"}, {"m3", "m³"}, {"1/m2", "/m²"}};
    const auto found = std::find_if(std::begin(others), std::end(others),
                                    [&](const auto& other) { return other.first == unit; });
    return found == std::end(others) ? unit : found->second;
}

std::string indicator_reference() {
    std::string text = "| array | unit | better | whole run | what it is |\n"
                       "| --- | --- | --- | --- | --- |\n";
    for (const Indicator& i : table) {
        fmt::format_to(std::back_inserter(text), "| `{}` | {} | {} | {} | {}{} |\n", i.name, i.unit,
                       name_of(i.better), name_of(i.whole), i.description,
                       i.place != nullptr ? "; where: `_x`, `_y`" : "");
    }
    return text;
}

} // namespace veste
