veste_test(veste_test_flood LABEL unit FOLDERS base flood
    SOURCES
        unit/flood/surface_table.cpp
        unit/flood/test_face_flow.cpp
        unit/flood/test_flow.cpp
        unit/flood/test_sources.cpp)
