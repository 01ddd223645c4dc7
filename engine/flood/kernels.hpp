#pragma once
#include "flood/face_flow.hpp"
#include "flood/grid.hpp"

/// The two passes of one step over one tile, and the speed at its end. Every array is framed (see
/// Frame). A tile writes its own faces and cells only, whatever it computes twice at its rim is
/// computed alike by its neighbour. Internal to the flood folder.
namespace veste::flood {

/// One step's constants.
struct StepFactors {
    FaceFactors face;
    double dt_s = 0.0;
    double dt_by_dx = 0.0; ///< s/m
    double rain_m = 0.0;   ///< that falls in this step
    bool is_border_open = true;
};

/// What a pass over a tile found.
struct TileSums {
    float max_depth_m = 0.0F;
    double infiltrated_m = 0.0;
};

/// New discharges from depths and old discharges, limited so that no cell gives more than it holds.
void flow_through_faces(const Grid& grid, const StepFactors& step, const Tile& tile,
                        const double* depth, const float* qx, const float* qy, float* new_qx,
                        float* new_qy);

/// New depths from discharges, rain and infiltration.
TileSums fill_cells(const Grid& grid, const StepFactors& step, const Tile& tile, double* depth,
                    const float* qx, const float* qy);

/// Takes over a row of depths, where cells may hold water; returns the largest.
float load_row(int count, const double* from, const float* rain_share, double* to);
/// True where a value is not zero.
bool is_any_set(int count, const float* values);

/// Speed at the centres of row j's cells of a tile: the mean of both faces' velocities in each
/// direction; 0 where dry.
void speed_of_row(const Grid& grid, float dry_depth_m, const Tile& tile, int j, const double* depth,
                  const float* qx, const float* qy, float* speed);

} // namespace veste::flood
