veste_test(veste_test_results LABEL unit
    FOLDERS base city pedestrians traffic flood ambient sensing simulation results
    SOURCES
        unit/results/test_recorder.cpp)
