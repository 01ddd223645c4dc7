set(parallel_backend base/parallel_${VESTE_PARALLEL_BACKEND}.cpp)
if(VESTE_PARALLEL_BACKEND STREQUAL "tbb")
    set(parallel_library TBB::tbb)
else()
    set(parallel_library Threads::Threads)
endif()
veste_folder(base
    SOURCES
        base/errors.cpp
        base/files.cpp
        base/geometry.cpp
        base/hash.cpp
        base/ordered_sum.cpp
        ${parallel_backend}
        base/random.cpp
        base/spatial_grid.cpp
        base/version.cpp
    LIBRARIES fmt::fmt ${parallel_library} PkgConfig::xxhash)
set_source_files_properties(base/version.cpp PROPERTIES
    COMPILE_DEFINITIONS VESTE_VERSION="${PROJECT_VERSION}")
