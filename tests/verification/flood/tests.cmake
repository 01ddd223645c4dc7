veste_test(veste_verify_flood LABEL verification FOLDERS base flood
    SOURCES
        unit/flood/surface_table.cpp
        verification/flood/test_analytical.cpp
        verification/flood/test_balance.cpp
        verification/flood/test_rest.cpp)
