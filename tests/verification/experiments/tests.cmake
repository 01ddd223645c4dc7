add_library(veste_experiment_runs OBJECT
    verification/experiments/experiment.cpp
    verification/experiments/oval.cpp
    verification/experiments/trajectories.cpp)
target_include_directories(veste_experiment_runs PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}
                           ${HDF5_INCLUDE_DIRS})
target_link_libraries(veste_experiment_runs PRIVATE veste_options fmt::fmt ZLIB::ZLIB)
target_compile_definitions(veste_experiment_runs PRIVATE VESTE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")

veste_test(veste_verify_experiments LABEL verification FOLDERS base city pedestrians
    SOURCES
        verification/experiments/test_experiments.cpp
        $<TARGET_OBJECTS:veste_experiment_runs>
    LIBRARIES ZLIB::ZLIB ${HDF5_C_LIBRARIES})

# Writes the CSV files that plots.py draws.
add_executable(veste_experiments
    verification/experiments/write_experiments.cpp
    $<TARGET_OBJECTS:veste_experiment_runs>)
target_include_directories(veste_experiments PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(veste_experiments PRIVATE veste_options fmt::fmt ZLIB::ZLIB
                      ${HDF5_C_LIBRARIES})
foreach(folder base city pedestrians)
    target_sources(veste_experiments PRIVATE $<TARGET_OBJECTS:veste_${folder}>)
    get_property(libraries GLOBAL PROPERTY VESTE_LIBRARIES_${folder})
    target_link_libraries(veste_experiments PRIVATE ${libraries})
endforeach()
