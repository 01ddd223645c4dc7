#pragma once
#include "base/errors.hpp"
#include "base/ids.hpp"
#include "base/raster.hpp"
#include "city/city.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace veste {

/// Tells what of a loaded city cannot be: every check throws InputError that names the file, the
/// column and the row.
class CityChecker {
public:
    CityChecker(const City& city, const std::string& where);

    template <class Tag>
    void id(std::string_view what, std::size_t row, Id<Tag> id, std::size_t count,
            bool may_be_none = false) const {
        if (id.index >= count && !(may_be_none && !id.is_valid())) {
            beyond(what, row, id.index, count);
        }
    }
    template <class E> void code(std::string_view what, std::size_t row, E code, E last) const {
        at_most(what, row, static_cast<std::uint64_t>(code), static_cast<std::uint64_t>(last));
    }
    void at_most(std::string_view what, std::size_t row, std::uint64_t value,
                 std::uint64_t limit) const {
        if (value > limit) {
            beyond(what, row, value, limit + 1);
        }
    }
    /// `is_true` holds in every city; `what` says it.
    void expect(bool is_true, std::string_view what, std::size_t row) const {
        if (!is_true) {
            broken(what, row);
        }
    }
    void number(std::string_view what, std::size_t row, double value, Limits limits) const {
        if (!is_within(value, limits)) {
            outside(what, row, value, limits);
        }
    }
    /// A length, speed or duration: above 0.
    void above_zero(std::string_view what, std::size_t row, double value) const {
        number(what, row, value, {smallest, largest, ""});
    }
    void at_least_zero(std::string_view what, std::size_t row, double value) const {
        number(what, row, value, {0.0, largest, ""});
    }
    /// Finite and not far from the city: far away positions would ask for search grids without end.
    void position(std::string_view what, std::size_t row, const Vec2& p) const {
        if (!p.allFinite() || (!reach_.is_empty() && !reach_.contains(p))) {
            far_away(what, row, p);
        }
    }
    /// A line of at least two points.
    void line(std::string_view what, std::size_t row, std::span<const Vec2> points) const;
    void polygon(std::string_view what, std::size_t row, const Polygon& polygon) const;
    template <class T>
    void raster(std::string_view what, const Raster<T>& raster, const RasterShape& shape) const {
        expect(raster.shape == shape && raster.values.size() == shape.cells() &&
                   shape.columns >= 0 && shape.rows >= 0,
               what, 0);
    }

private:
    static constexpr double smallest = std::numeric_limits<double>::min();
    static constexpr double largest = 1e7;

    [[noreturn]] void beyond(std::string_view what, std::size_t row, std::uint64_t value,
                             std::uint64_t limit) const;
    [[noreturn]] void broken(std::string_view what, std::size_t row) const;
    [[noreturn]] void outside(std::string_view what, std::size_t row, double value,
                              Limits limits) const;
    [[noreturn]] void far_away(std::string_view what, std::size_t row, const Vec2& p) const;

    const std::string& where_;
    Box2 reach_; ///< empty where the city does not tell where it lies
};

/// The parts of check_city.
void check_streets(const StreetNetwork& streets, const CityChecker& check);
void check_signals(const StreetNetwork& streets, const CityChecker& check);

} // namespace veste
