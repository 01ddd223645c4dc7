veste_test(veste_verify_guidelines LABEL verification FOLDERS base city scenario pedestrians
    SOURCES
        verification/guidelines/test_crowd_cases.cpp
        verification/guidelines/test_egress_cases.cpp
        verification/guidelines/test_exit_choice.cpp
        verification/guidelines/test_movement_cases.cpp
        verification/guidelines/test_premovement.cpp
        verification/guidelines/test_route_cases.cpp
        verification/guidelines/test_sensitivity.cpp)
