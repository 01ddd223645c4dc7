#include "simulation/checkpoint.hpp"

#include "base/hash.hpp"
#include "base/version.hpp"
#include "city/hdf5_file.hpp"

#include <fmt/format.h>
#include <type_traits>

namespace veste {
namespace {

constexpr std::string_view format_name = "veste checkpoint";
constexpr std::int64_t layout_version = 3;

std::string path_of(std::string_view domain, const Field& field) {
    return fmt::format("/world/{}/{}", domain, field.name);
}

std::string scenario_digest(const Scenario& scenario) {
    Digest digest;
    digest.add(scenario.text);
    return digest.text();
}

void write_world(Hdf5File& out, const World& world) {
    for_each_field(world, [&](std::string_view domain, const Field& field, const auto& values) {
        if (field.role == Role::Derived) {
            return;
        }
        const std::string path = path_of(domain, field);
        out.write(path, values);
        out.set_attribute(path, "unit", field.unit);
        out.set_attribute(path, "description", field.description);
    });
}

void check_origin(const Hdf5File& in, const City& city, const Scenario& scenario) {
    const std::string file = in.name().string();
    if (!in.has_attribute("/", "format") || in.text_attribute("/", "format") != format_name) {
        throw InputError(file + ": not a checkpoint of Veste");
    }
    const auto version = static_cast<std::int64_t>(in.number_attribute("/", "version"));
    if (version != layout_version) {
        throw InputError(fmt::format("{}: checkpoint layout {}, this engine reads {}", file,
                                     version, layout_version));
    }
    Problems problems;
    const auto compare = [&](const char* what, const std::string& saved, const std::string& ours) {
        if (saved != ours) {
            problems.add(
                fmt::format("{}: saved with {} {}, this run has {}", file, what, saved, ours));
        }
    };
    compare("city", in.text_attribute("/", "city_digest"), city.digest);
    compare("scenario text", in.text_attribute("/", "scenario_digest"), scenario_digest(scenario));
    compare("seed", in.text_attribute("/", "seed"), fmt::format("{}", scenario.seed));
    problems.throw_if_any();
}

/// Routes grow during a run; every other array keeps the length the scenario gave it.
bool may_grow(std::string_view domain, const Field& field) {
    return domain == "vehicles" && field.name == "route_edges";
}

} // namespace

void write_checkpoint(const World& world, const City& city, const Scenario& scenario,
                      const std::filesystem::path& file) {
    std::filesystem::path unfinished = file;
    unfinished += ".part";
    try {
        Hdf5File out(unfinished, FileUse::Create);
        out.set_attribute("/", "format", format_name);
        out.set_attribute("/", "version", layout_version);
        out.set_attribute("/", "engine_version", engine_version());
        out.set_attribute("/", "city_digest", city.digest);
        out.set_attribute("/", "scenario_digest", scenario_digest(scenario));
        out.set_attribute("/", "seed", fmt::format("{}", scenario.seed));
        out.set_attribute("/", "state_digest", state_digest(world));
        const std::vector<std::uint64_t> counters = {world.tick, world.known.walk_version,
                                                     world.known.edge_version};
        out.write("/counters", counters);
        out.set_attribute("/counters", "description",
                          "tick, version of routes on foot, version of routes on wheels");
        write_world(out, world);
        out.close();
        std::filesystem::rename(unfinished, file);
    } catch (const std::filesystem::filesystem_error& error) {
        throw RunError(fmt::format("{}: cannot be written: {}", file.string(), error.what()));
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove(unfinished, ignored);
        throw;
    }
}

void read_checkpoint(World& world, const City& city, const Scenario& scenario,
                     const std::filesystem::path& file) {
    const Hdf5File in(file, FileUse::Read);
    check_origin(in, city, scenario);
    World saved = world;
    for_each_field(saved, [&](std::string_view domain, const Field& field, auto& values) {
        if (field.role == Role::Derived) {
            return;
        }
        using T = typename std::decay_t<decltype(values)>::value_type;
        const std::string path = path_of(domain, field);
        auto read = in.read<T>(path);
        if (read.size() != values.size() && !may_grow(domain, field)) {
            throw InputError(fmt::format("{}: {} has {} values, this scenario needs {}",
                                         file.string(), path, read.size(), values.size()));
        }
        values = std::move(read);
    });
    const auto counters = in.read<std::uint64_t>("/counters");
    if (counters.size() != 3) {
        throw InputError(
            fmt::format("{}: /counters has {} values, allowed 3", file.string(), counters.size()));
    }
    saved.tick = counters[0];
    saved.known.walk_version = counters[1];
    saved.known.edge_version = counters[2];
    if (state_digest(saved) != in.text_attribute("/", "state_digest")) {
        throw InputError(file.string() + ": its arrays do not match its digest; it is damaged");
    }
    world = std::move(saved);
}

} // namespace veste
