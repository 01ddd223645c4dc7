# Tests of the veste command, its files, and of effects on the demo city, which is built once.
set(demo_city ${CMAKE_BINARY_DIR}/test_data/demo_city.h5)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/test_data)
add_test(NAME "the demo city is built"
    COMMAND veste city build ${CMAKE_SOURCE_DIR}/data/monaco/city.toml -o ${demo_city})
set_tests_properties("the demo city is built" PROPERTIES
    LABELS system FIXTURES_SETUP demo_city)

add_test(NAME "the sources are formatted"
    COMMAND sh -c "find engine tests benchmarks -name '*.hpp' -o -name '*.cpp' | xargs clang-format --dry-run -Werror"
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties("the sources are formatted" PROPERTIES LABELS unit)

veste_test(veste_test_system LABEL system
    FOLDERS base
    SOURCES
        system/test_bad_input.cpp
        system/test_commands.cpp
        system/test_event_plans.cpp
        system/test_includes.cpp
        system/test_interruption.cpp
    PROPERTIES FIXTURES_REQUIRED demo_city)
veste_test(veste_test_effects LABEL system
    FOLDERS base city scenario pedestrians traffic flood ambient sensing simulation results
    SOURCES
        system/test_feeder_failure.cpp
        system/test_rain.cpp
    PROPERTIES FIXTURES_REQUIRED demo_city)
foreach(name veste_test_system veste_test_effects)
    target_compile_definitions(${name} PRIVATE VESTE_DEMO_CITY="${demo_city}")
    add_dependencies(${name} veste)
endforeach()

include(system/python.cmake)
