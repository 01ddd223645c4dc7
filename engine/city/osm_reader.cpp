#include "base/errors.hpp"
#include "city/sources.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <osmium/io/any_compression.hpp>
#include <osmium/io/pbf_input.hpp>
#include <osmium/io/reader.hpp>
#include <osmium/io/xml_input.hpp>
#include <osmium/osm/node.hpp>
#include <osmium/osm/relation.hpp>
#include <osmium/osm/way.hpp>

namespace veste {
namespace {

constexpr std::uint32_t no_node = std::numeric_limits<std::uint32_t>::max();

struct RawWay {
    std::int64_t id = 0;
    std::vector<std::int64_t> nodes;
    Tags tags;
};

struct Contents {
    std::vector<OsmNode> nodes; ///< at holds longitude and latitude
    std::vector<RawWay> ways;
    std::vector<OsmRelation> relations;
};

Tags tags_of(const osmium::OSMObject& object) {
    Tags tags;
    for (const osmium::Tag& t : object.tags()) {
        tags.emplace(t.key(), t.value());
    }
    return tags;
}

void append_node(const osmium::Node& node, Contents& contents) {
    const osmium::Location at = node.location();
    if (!at.valid()) {
        throw InputError(fmt::format("node {} has no valid position (longitude -180 to 180, "
                                     "latitude -90 to 90)",
                                     node.id()));
    }
    contents.nodes.push_back({node.id(), {at.lon(), at.lat()}, tags_of(node)});
}

void append_way(const osmium::Way& way, Contents& contents) {
    RawWay raw;
    raw.id = way.id();
    raw.tags = tags_of(way);
    raw.nodes.reserve(way.nodes().size());
    for (const osmium::NodeRef& ref : way.nodes()) {
        raw.nodes.push_back(ref.ref());
    }
    contents.ways.push_back(std::move(raw));
}

void append_relation(const osmium::Relation& relation, Contents& contents) {
    OsmRelation own;
    own.id = relation.id();
    own.tags = tags_of(relation);
    for (const osmium::RelationMember& member : relation.members()) {
        own.members.push_back(
            {osmium::item_type_to_char(member.type()), member.ref(), member.role()});
    }
    contents.relations.push_back(std::move(own));
}

void append_contents(const std::filesystem::path& file, Contents& contents) {
    osmium::io::Reader reader(osmium::io::File(file.string()), osmium::io::read_meta::no);
    while (const osmium::memory::Buffer buffer = reader.read()) {
        for (const osmium::OSMObject& object : buffer.select<osmium::OSMObject>()) {
            if (!object.visible()) {
                continue;
            }
            if (object.type() == osmium::item_type::node) {
                append_node(static_cast<const osmium::Node&>(object), contents);
            } else if (object.type() == osmium::item_type::way) {
                append_way(static_cast<const osmium::Way&>(object), contents);
            } else if (object.type() == osmium::item_type::relation) {
                append_relation(static_cast<const osmium::Relation&>(object), contents);
            }
        }
    }
    reader.close();
}

/// The same with errors that name the file. Returns where its nodes lie, in degrees.
Box2 append_file(const std::filesystem::path& file, Contents& contents) {
    if (!std::filesystem::is_regular_file(file)) {
        throw InputError(fmt::format("{}: no such file", file.string()));
    }
    const std::size_t before = contents.nodes.size();
    try {
        append_contents(file, contents);
    } catch (const std::exception& error) {
        throw InputError(fmt::format("{}: not a whole OpenStreetMap file (.osm, .osm.pbf, .osm.bz2 "
                                     "or .osm.gz), cut or broken: {}",
                                     file.string(), error.what()));
    }
    if (contents.nodes.size() == before) {
        throw InputError(fmt::format("{}: holds no OpenStreetMap nodes", file.string()));
    }
    Box2 box;
    for (std::size_t k = before; k < contents.nodes.size(); ++k) {
        box.extend(contents.nodes[k].at);
    }
    return box;
}

template <class T> void sort_by_id(std::vector<T>& list) {
    const auto is_before = [](const T& a, const T& b) { return a.id < b.id; };
    std::stable_sort(list.begin(), list.end(), is_before);
    const auto is_same = [](const T& a, const T& b) { return a.id == b.id; };
    list.erase(std::unique(list.begin(), list.end(), is_same), list.end());
}

std::uint32_t index_of(const std::vector<OsmNode>& nodes, std::int64_t id) {
    const auto found = std::lower_bound(nodes.begin(), nodes.end(), id,
                                        [](const OsmNode& n, std::int64_t i) { return n.id < i; });
    return found != nodes.end() && found->id == id
               ? static_cast<std::uint32_t>(found - nodes.begin())
               : no_node;
}

/// Appends the parts of a way whose nodes are in the extract, each of at least two nodes.
void append_parts(const RawWay& way, const std::vector<OsmNode>& nodes,
                  std::vector<OsmWay>& parts) {
    OsmWay part{way.id, {}, way.tags, false, false};
    const auto finish = [&](bool is_cut) {
        if (part.nodes.size() >= 2) {
            part.is_cut_at_end = is_cut;
            parts.push_back(part);
        }
        part = {way.id, {}, way.tags, true, false};
    };
    for (const std::int64_t id : way.nodes) {
        const std::uint32_t index = index_of(nodes, id);
        if (index == no_node) {
            finish(true);
        } else if (part.nodes.empty() || part.nodes.back() != index) {
            part.nodes.push_back(index);
        }
    }
    finish(false);
}

/// Keeps the nodes of ways and those with tags, and moves the ways' indices along.
void drop_unused_nodes(OsmData& data) {
    std::vector<std::uint8_t> is_used(data.nodes.size(), 0);
    for (const OsmWay& way : data.ways) {
        for (const std::uint32_t node : way.nodes) {
            is_used[node] = 1;
        }
    }
    std::vector<std::uint32_t> moved(data.nodes.size(), no_node);
    std::uint32_t kept = 0;
    for (std::size_t i = 0; i < data.nodes.size(); ++i) {
        if (is_used[i] != 0 || !data.nodes[i].tags.empty()) {
            moved[i] = kept;
            if (kept != i) {
                data.nodes[kept] = std::move(data.nodes[i]);
            }
            ++kept;
        }
    }
    data.nodes.resize(kept);
    for (OsmWay& way : data.ways) {
        for (std::uint32_t& node : way.nodes) {
            node = moved[node];
        }
    }
}

} // namespace

OsmData read_osm(std::span<const std::filesystem::path> files, const Projection& projection) {
    Contents contents;
    OsmData data;
    for (const std::filesystem::path& file : files) {
        data.extents_deg.push_back(append_file(file, contents));
    }
    data.nodes = std::move(contents.nodes);
    sort_by_id(data.nodes);
    sort_by_id(contents.ways);
    for (const RawWay& way : contents.ways) {
        append_parts(way, data.nodes, data.ways);
    }
    for (OsmRelation& relation : contents.relations) {
        if (!relation.tags.empty()) {
            data.relations.push_back(std::move(relation));
        }
    }
    sort_by_id(data.relations);
    drop_unused_nodes(data);
    for (OsmNode& node : data.nodes) {
        node.at = projection.to_local(node.at);
    }
    return data;
}

OsmData read_osm(const std::filesystem::path& file, const Projection& projection) {
    return read_osm(std::span(&file, 1), projection);
}

} // namespace veste
