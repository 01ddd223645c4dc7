veste_test(veste_test_base LABEL unit FOLDERS base
    SOURCES
        unit/base/test_errors.cpp
        unit/base/test_files.cpp
        unit/base/test_geometry.cpp
        unit/base/test_lanes.cpp
        unit/base/test_parallel.cpp
        unit/base/test_random.cpp
        unit/base/test_raster.cpp
        unit/base/test_spatial_grid.cpp)
