#include "flood/kernels.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

/// The two passes are compiled twice, for AVX2 and for any processor, and the right one is taken
/// when the program is loaded. Both give the same bits: each operation stands for itself, none is
/// fused or reordered. (Sanitizers are not ready that early.)
namespace veste::flood {
namespace {

/// Cells computed around a tile: two to the west (the first cell's factor needs the face before
/// it), one to the east, some more for whole vectors.
constexpr int west_rim = 2;
constexpr int row_length = tile_columns + 16;

using Row = std::array<float, row_length>;

/// What one row of cells is to its faces.
struct CellRow {
    alignas(32) std::array<double, row_length> level;
    alignas(32) Row depth;
    const float* bed = nullptr;
    const float* half_n = nullptr;
};

/// Columns [first, first + count) of a row; loops over it count from its first column.
struct Span {
    int first;
    int count;
};

[[gnu::always_inline]] inline void read_cells(const Grid& grid, const Span& span, int j,
                                              const double* depth, CellRow& row) {
    const std::size_t start = grid.frame.index(span.first, j);
    const double* const h = depth + start;
    row.bed = grid.bed_m.data() + start;
    row.half_n = grid.half_n.data() + start;
    const float* const bed = row.bed;
    for (int k = 0; k < span.count; ++k) {
        row.level[static_cast<std::size_t>(k)] = h[k] + static_cast<double>(bed[k]);
        row.depth[static_cast<std::size_t>(k)] = static_cast<float>(h[k]);
    }
}

/// Discharge per width that leaves over the raster's border: friction and the ground's own slope,
/// which must fall outwards.
float border_outflow(const StepFactors& step, float depth, float bed, float bed_inside, float n,
                     float q_out) {
    const float fall = bed_inside - bed;
    if (!(fall > 0.0F) || bed_inside >= wall_bed_m || bed >= wall_bed_m) {
        return 0.0F;
    }
    FaceFactors face = step.face;
    face.theta = 1.0F;
    face.side = 0.0F;
    return face_discharge(face, -fall, depth, n, std::max(q_out, 0.0F), 0.0F);
}

/// West faces of the span's cells from the second on; out[k] belongs to the span's cell k.
[[gnu::always_inline]] inline void x_faces(const Grid& grid, const StepFactors& step,
                                           const Span& span, int j, const CellRow& row,
                                           const float* qx, float* __restrict out) {
    const float* const q = qx + grid.frame.index(span.first, j);
    const float* __restrict const bed = row.bed;
    const float* __restrict const half_n = row.half_n;
    const double* __restrict const level = row.level.data();
    const float* __restrict const depth = row.depth.data();
    const FaceFactors face = step.face;
    for (int k = 1; k < span.count; ++k) {
        const auto rise = static_cast<float>(level[k] - level[k - 1]);
        const float h = flow_depth(depth[k - 1], depth[k], bed[k - 1], bed[k]);
        out[k] =
            face_discharge(face, rise, h, half_n[k - 1] + half_n[k], q[k], q[k - 1] + q[k + 1]);
    }
    if (!step.is_border_open || j < 0 || j >= grid.frame.rows || grid.frame.columns < 2) {
        return;
    }
    const int west = -span.first;
    if (west >= 1 && west < span.count) {
        out[west] = -border_outflow(step, depth[west], bed[west], bed[west + 1],
                                    2.0F * half_n[west], -q[west]);
    }
    const int east = grid.frame.columns - span.first;
    if (east >= 2 && east < span.count) {
        out[east] = border_outflow(step, depth[east - 1], bed[east - 1], bed[east - 2],
                                   2.0F * half_n[east - 1], q[east]);
    }
}

/// Faces between row j - 1 (south) and row j (north).
[[gnu::always_inline]] inline void y_faces(const Grid& grid, const StepFactors& step,
                                           const Span& span, int j, const CellRow& south,
                                           const CellRow& north, const float* qy,
                                           float* __restrict out) {
    const std::size_t start = grid.frame.index(span.first, j);
    const float* const q = qy + start;
    const float* const q_south = q - grid.frame.stride;
    const float* const q_north = q + grid.frame.stride;
    const double* __restrict const level_s = south.level.data();
    const double* __restrict const level_n = north.level.data();
    const float* __restrict const depth_s = south.depth.data();
    const float* __restrict const depth_n = north.depth.data();
    const float* const bed_s = south.bed;
    const float* const bed_n = north.bed;
    const float* const half_n_s = south.half_n;
    const float* const half_n_n = north.half_n;
    const FaceFactors face = step.face;
    for (int k = 0; k < span.count; ++k) {
        const auto rise = static_cast<float>(level_n[k] - level_s[k]);
        const float h = flow_depth(depth_s[k], depth_n[k], bed_s[k], bed_n[k]);
        out[k] =
            face_discharge(face, rise, h, half_n_s[k] + half_n_n[k], q[k], q_south[k] + q_north[k]);
    }
    const bool is_south = j == 0;
    if (!step.is_border_open || grid.frame.rows < 2 || (!is_south && j != grid.frame.rows)) {
        return;
    }
    const CellRow& cells = is_south ? north : south;
    const auto stride = static_cast<std::ptrdiff_t>(grid.frame.stride);
    const std::ptrdiff_t inwards = is_south ? stride : -stride;
    const float sign = is_south ? -1.0F : 1.0F;
    const int end = std::min(span.count, grid.frame.columns - span.first);
    for (int k = std::max(0, -span.first); k < end; ++k) {
        const auto c = static_cast<std::size_t>(k);
        out[k] = sign * border_outflow(step, cells.depth[c], cells.bed[k], cells.bed[inwards + k],
                                       2.0F * cells.half_n[k], sign * q[k]);
    }
}

/// Share of the outgoing water that each cell can give: all, or what it holds less a millionth (so
/// that float rounding never makes a depth negative).
[[gnu::always_inline]] inline void shares(const StepFactors& step, const Span& span,
                                          const Row& depth, const float* qx, const float* qy_south,
                                          const float* qy_north, float* __restrict share) {
    const auto dt_by_dx = static_cast<float>(step.dt_by_dx);
    for (int k = 1; k + 1 < span.count; ++k) {
        const float out = larger(-qx[k], 0.0F) + larger(qx[k + 1], 0.0F) +
                          larger(-qy_south[k], 0.0F) + larger(qy_north[k], 0.0F);
        const float wanted = out * dt_by_dx;
        const float h = depth[static_cast<std::size_t>(k)];
        const float held = h > 1.0e-30F ? h * 0.999999F : 0.0F;
        const float given = held / larger(wanted, 1.0e-30F);
        share[k] = wanted > held ? given : 1.0F;
    }
}

/// Lets each face's discharge be cut to what its giving cell can give.
[[gnu::always_inline]] inline void write_faces(int count, const float* raw_x, const float* raw_y,
                                               const float* share, const float* share_south,
                                               float* __restrict qx, float* __restrict qy) {
    for (int k = 0; k < count; ++k) {
        const float west = share[k - 1];
        const float south = share_south[k];
        const float here = share[k];
        qx[k] = raw_x[k] * (raw_x[k] > 0.0F ? west : here);
        qy[k] = raw_y[k] * (raw_y[k] > 0.0F ? south : here);
    }
}

struct TileRows {
    CellRow cells[2];
    alignas(32) Row qx;
    alignas(32) Row qy[2];
    alignas(32) Row share[2];
};

} // namespace

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
[[gnu::target_clones("avx2", "default")]]
#endif
void flow_through_faces(const Grid& grid, const StepFactors& step, const Tile& tile,
                        const double* depth, const float* qx, const float* qy, float* new_qx,
                        float* new_qy) {
    TileRows rows;
    const Span span{tile.i0 - west_rim, tile.i1 - tile.i0 + west_rim + 1};
    const int below = tile.j0 - 1;
    // Rolls upwards: slot 0 or 1 of each pair is the row's own, by parity.
    read_cells(grid, span, below - 1, depth, rows.cells[0]);
    read_cells(grid, span, below, depth, rows.cells[1]);
    y_faces(grid, step, span, below, rows.cells[0], rows.cells[1], qy, rows.qy[0].data());
    for (int j = below; j < tile.j1; ++j) {
        const int here = (j - below) & 1;
        const CellRow& cells = rows.cells[1 - here];
        CellRow& above = rows.cells[here];
        x_faces(grid, step, span, j, cells, qx, rows.qx.data());
        read_cells(grid, span, j + 1, depth, above);
        y_faces(grid, step, span, j + 1, cells, above, qy, rows.qy[1 - here].data());
        shares(step, span, cells.depth, rows.qx.data(), rows.qy[here].data(),
               rows.qy[1 - here].data(), rows.share[here].data());
        if (j > below) {
            const std::size_t start = grid.frame.index(tile.i0, j);
            write_faces(tile.i1 - tile.i0, rows.qx.data() + west_rim,
                        rows.qy[here].data() + west_rim, rows.share[here].data() + west_rim,
                        rows.share[1 - here].data() + west_rim, new_qx + start, new_qy + start);
        }
    }
}

namespace {

/// Sums of a tile by column: whole vectors, added up in order at the end.
struct ColumnSums {
    alignas(32) std::array<float, tile_columns> max_depth{};
    alignas(32) std::array<double, tile_columns> infiltrated{};
};

struct RowOfCells {
    int count;
    double* depth;
    const float* qx;
    const float* qy;
    const float* qy_north;
    const float* rain_share;
    const float* infiltrate;
};

[[gnu::always_inline]] inline void fill_row(const RowOfCells& row, double dt_by_dx,
                                            ColumnSums& sums) {
    double* __restrict const depth = row.depth;
    float* __restrict const max_depth = sums.max_depth.data();
    for (int k = 0; k < row.count; ++k) {
        const double net = (static_cast<double>(row.qx[k]) - static_cast<double>(row.qx[k + 1])) +
                           (static_cast<double>(row.qy[k]) - static_cast<double>(row.qy_north[k]));
        const double h = depth[k] + net * dt_by_dx;
        depth[k] = h;
        max_depth[k] = larger(static_cast<float>(h), max_depth[k]);
    }
}

[[gnu::always_inline]] inline void
fill_row_with_sources(const RowOfCells& row, const StepFactors& step, ColumnSums& sums) {
    double* __restrict const depth = row.depth;
    float* __restrict const max_depth = sums.max_depth.data();
    double* __restrict const infiltrated = sums.infiltrated.data();
    for (int k = 0; k < row.count; ++k) {
        const double net = (static_cast<double>(row.qx[k]) - static_cast<double>(row.qx[k + 1])) +
                           (static_cast<double>(row.qy[k]) - static_cast<double>(row.qy_north[k]));
        const double wet =
            depth[k] + net * step.dt_by_dx + step.rain_m * static_cast<double>(row.rain_share[k]);
        const double asked = step.dt_s * static_cast<double>(row.infiltrate[k]);
        const double soaked = asked < wet ? asked : wet;
        const double h = wet - soaked;
        infiltrated[k] += soaked;
        depth[k] = h;
        max_depth[k] = larger(static_cast<float>(h), max_depth[k]);
    }
}

} // namespace

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
[[gnu::target_clones("avx2", "default")]]
#endif
TileSums
fill_cells(const Grid& grid, const StepFactors& step, const Tile& tile, double* depth,
           const float* qx, const float* qy) {
    ColumnSums sums;
    const bool has_sources = step.rain_m > 0.0 || tile.soaks;
    for (int j = tile.j0; j < tile.land_j1; ++j) {
        const std::size_t start = grid.frame.index(tile.i0, j);
        const RowOfCells row{tile.land_i1 - tile.i0,
                             depth + start,
                             qx + start,
                             qy + start,
                             qy + start + grid.frame.stride,
                             grid.rain_share.data() + start,
                             grid.infiltrate_mps.data() + start};
        if (has_sources) {
            fill_row_with_sources(row, step, sums);
        } else {
            fill_row(row, step.dt_by_dx, sums);
        }
    }
    TileSums found;
    for (std::size_t k = 0; k < tile_columns; ++k) {
        found.max_depth_m = larger(sums.max_depth[k], found.max_depth_m);
        found.infiltrated_m += sums.infiltrated[k];
    }
    return found;
}

float load_row(int count, const double* from, const float* rain_share, double* __restrict to) {
    std::array<float, tile_columns> deepest{};
    for (int k = 0; k < count; ++k) {
        const double h = from[k];
        to[k] = rain_share[k] > 0.0F ? h : 0.0;
    }
    for (int k = 0; k < count; ++k) {
        deepest[static_cast<std::size_t>(k)] = static_cast<float>(to[k]);
    }
    // Eight running maxima at once, then theirs.
    std::array<float, 8> lanes{};
    for (std::size_t k = 0; k < tile_columns; k += lanes.size()) {
        for (std::size_t m = 0; m < lanes.size(); ++m) {
            lanes[m] = larger(deepest[k + m], lanes[m]);
        }
    }
    return *std::max_element(lanes.begin(), lanes.end());
}

bool is_any_set(int count, const float* values) {
    std::uint32_t bits = 0;
    for (int k = 0; k < count; ++k) {
        bits |= std::bit_cast<std::uint32_t>(values[k]) << 1U; // -0 is 0
    }
    return bits != 0;
}

namespace {

/// Velocity through a face; 0 where no water stands above its sill.
inline float face_velocity(float q, float depth, float dry_depth_m) {
    const float velocity = q / larger(depth, dry_depth_m);
    return depth > dry_depth_m ? velocity : 0.0F;
}

struct SpeedRow {
    const double* depth;
    const float* bed;
    const float* qx;
    const float* qy;
    std::ptrdiff_t stride;
};

inline float velocity_between(const SpeedRow& row, float q, std::ptrdiff_t a, std::ptrdiff_t b,
                              float dry_depth_m) {
    const float depth = flow_depth(static_cast<float>(row.depth[a]),
                                   static_cast<float>(row.depth[b]), row.bed[a], row.bed[b]);
    return face_velocity(q, depth, dry_depth_m);
}

inline float speed_from(float west, float east, float south, float north, float depth,
                        float dry_depth_m) {
    const float u = 0.5F * (west + east);
    const float v = 0.5F * (south + north);
    const float speed = std::sqrt(u * u + v * v);
    return depth > dry_depth_m ? speed : 0.0F;
}

/// At the open border the depth inside counts: the wall beyond has none.
float speed_at_border(const Grid& grid, const SpeedRow& row, int i, int j, std::ptrdiff_t k,
                      float dry) {
    const auto depth = static_cast<float>(row.depth[k]);
    const bool is_west = i == 0;
    const bool is_east = i == grid.frame.columns - 1;
    const bool is_south = j == 0;
    const bool is_north = j == grid.frame.rows - 1;
    const auto through = [&](bool is_border, float q, std::ptrdiff_t a, std::ptrdiff_t b) {
        return is_border ? face_velocity(q, depth, dry) : velocity_between(row, q, a, b, dry);
    };
    return speed_from(through(is_west, row.qx[k], k - 1, k),
                      through(is_east, row.qx[k + 1], k, k + 1),
                      through(is_south, row.qy[k], k - row.stride, k),
                      through(is_north, row.qy[k + row.stride], k, k + row.stride), depth, dry);
}

} // namespace

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
[[gnu::target_clones("avx2", "default")]]
#endif
void speed_of_row(const Grid& grid, float dry_depth_m, const Tile& tile, int j, const double* depth,
                  const float* qx, const float* qy, float* __restrict speed) {
    const std::size_t start = grid.frame.index(tile.i0, j);
    const SpeedRow row{depth + start, grid.bed_m.data() + start, qx + start, qy + start,
                       static_cast<std::ptrdiff_t>(grid.frame.stride)};
    const int count = tile.land_i1 - tile.i0;
    // The west side of each cell is the east side of the one before it.
    std::array<float, tile_columns + 1> east;
    for (std::ptrdiff_t k = 0; k <= count; ++k) {
        east[static_cast<std::size_t>(k)] = velocity_between(row, row.qx[k], k - 1, k, dry_depth_m);
    }
    for (std::ptrdiff_t k = 0; k < count; ++k) {
        const float south = velocity_between(row, row.qy[k], k - row.stride, k, dry_depth_m);
        const float north =
            velocity_between(row, row.qy[k + row.stride], k, k + row.stride, dry_depth_m);
        speed[k] =
            speed_from(east[static_cast<std::size_t>(k)], east[static_cast<std::size_t>(k + 1)],
                       south, north, static_cast<float>(row.depth[k]), dry_depth_m);
    }
    const bool is_border_row = j == 0 || j == grid.frame.rows - 1;
    for (int k = 0; k < count; ++k) {
        const int i = tile.i0 + k;
        if (is_border_row || i == 0 || i == grid.frame.columns - 1) {
            speed[k] = speed_at_border(grid, row, i, j, k, dry_depth_m);
        }
    }
}

} // namespace veste::flood
