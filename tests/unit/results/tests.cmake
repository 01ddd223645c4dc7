set(results_folders base city pedestrians traffic flood ambient sensing simulation results)

veste_test(veste_test_results LABEL unit
    FOLDERS ${results_folders}
    SOURCES
        unit/results/test_comparison.cpp
        unit/results/test_export.cpp
        unit/results/test_indicators.cpp
        unit/results/test_reader.cpp
        unit/results/test_recorder.cpp
        unit/results/test_service_levels.cpp)

# Records a toy run for tests that look at the file from outside (tests/system/python.cmake).
add_executable(write_toy_results unit/results/write_toy_results.cpp)
target_include_directories(write_toy_results PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_link_libraries(write_toy_results PRIVATE veste_options)
foreach(folder IN LISTS results_folders)
    get_property(libraries GLOBAL PROPERTY VESTE_LIBRARIES_${folder})
    target_sources(write_toy_results PRIVATE $<TARGET_OBJECTS:veste_${folder}>)
    target_link_libraries(write_toy_results PRIVATE ${libraries})
endforeach()
