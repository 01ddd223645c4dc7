veste_test(veste_verify_pedestrians LABEL verification FOLDERS base city pedestrians
    SOURCES
        verification/pedestrians/test_counterflow.cpp
        verification/pedestrians/test_crowds.cpp
        verification/pedestrians/test_doors.cpp
        verification/pedestrians/test_models.cpp
        verification/pedestrians/test_random_geometries.cpp
        verification/pedestrians/test_routes.cpp
        verification/pedestrians/test_walking.cpp)
